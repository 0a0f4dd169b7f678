using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Writes the chunks of one response in the order that clients need: the start first, whatever is said within a step, text and reasoning between a start
/// and an end of their own.
/// </summary>
internal sealed class UIMessageChunks
{
    public const string Text = "text", Reasoning = "reasoning";

    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");

    private string? _open; // Text or Reasoning.
    private byte[] _delta = []; // What precedes the text of each piece of the open block.
    private int _blocks;
    private bool _hasStart, _inStep;

    /// <summary>The message that the chunks build on; null for a new one, which has the turn's id.</summary>
    public string? MessageId { get; set; }

    /// <summary>The response of the step has ended: what is said next belongs to another. Its tools may still run.</summary>
    public bool StepIsOver { get; private set; }

    /// <summary>What was written did not reach the client as part of this response: its start is still to come, and so is that of a text that goes on.</summary>
    public void StartAnew() => (_hasStart, _open) = (false, null);

    /// <param name="kind"><see cref="Text"/> or <see cref="Reasoning"/>.</param>
    public void Piece(SseWriter frames, TurnEvent next, string kind, string text)
    {
        if (_open != kind)
        {
            EndBlock(frames, next);
            BeginStep(frames, next);
            _open = kind;
            _delta = Encoding.UTF8.GetBytes($$"""{"type":"{{kind}}-delta","id":"{{++_blocks}}","delta":""");
            Bound(frames, next, $"{kind}-start");
        }
        frames.Data(_delta, text, "}"u8);
    }

    public void EndBlock(SseWriter frames, TurnEvent next)
    {
        if (_open is not { } open) return;
        _open = null;
        Bound(frames, next, $"{open}-end");
    }

    public void BeginStep(SseWriter frames, TurnEvent next)
    {
        Start(frames, next);
        if (StepIsOver) EndStep(frames);
        if (_inStep) return;
        frames.Raw("data: {\"type\":\"start-step\"}\n\n"u8);
        _inStep = true;
    }

    /// <summary>The response of a step has ended. One that said nothing ends the step before it: what comes later is its own.</summary>
    public void StepEnds(SseWriter frames, TurnEvent next)
    {
        EndBlock(frames, next);
        if (StepIsOver) EndStep(frames);
        StepIsOver = _inStep;
    }

    public void EndStep(SseWriter frames)
    {
        if (_inStep) frames.Raw("data: {\"type\":\"finish-step\"}\n\n"u8);
        (_inStep, StepIsOver) = (false, false);
    }

    /// <summary>The end of a message that is whole as far as it goes.</summary>
    public void Finish(SseWriter frames, TurnEvent next, string reason, TokenUsage? usage)
    {
        EndBlock(frames, next);
        Start(frames, next);
        EndStep(frames);
        var json = Begin(frames, next, "finish");
        json.WriteString("finishReason", reason);
        if (usage is not null && usage != TokenUsage.None)
        {
            json.WriteStartObject("messageMetadata");
            NativeJson.Usage(json, usage);
            json.WriteEndObject();
        }
        End(frames, json);
        Done(frames);
    }

    /// <summary>The response's last frame.</summary>
    public static void Done(SseWriter frames) => frames.Raw("data: [DONE]\n\n"u8);

    public Utf8JsonWriter Begin(SseWriter frames, TurnEvent next, string type)
    {
        Start(frames, next);
        var json = frames.BeginData();
        json.WriteStartObject();
        json.WriteString(Type, type);
        return json;
    }

    public static void End(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        frames.EndData();
    }

    private void Start(SseWriter frames, TurnEvent next)
    {
        if (_hasStart) return;
        _hasStart = true;
        var json = Begin(frames, next, "start");
        json.WriteString("messageId", MessageId ?? next.Turn.Value);
        End(frames, json);
    }

    private void Bound(SseWriter frames, TurnEvent next, string type)
    {
        var json = Begin(frames, next, type);
        json.WriteString("id", $"{_blocks}");
        End(frames, json);
    }
}
