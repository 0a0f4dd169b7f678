using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>Every event of a turn as a frame with its place as id: <c>turn:epoch:seq</c>.</summary>
/// <param name="isFollowed">By who asked for the events of a turn, whose end is one of them whatever it is.</param>
internal sealed class NativeFormat(bool isFollowed = false) : TurnFormat
{
    private TurnId _turn;
    private int _epoch;
    private byte[] _place = [];

    public override bool Withdraws => true;

    public override bool IsFollowed => isFollowed;

    public override void Write(TurnEvent next, SseWriter frames)
    {
        if (next.Turn != _turn || next.Epoch != _epoch)
        {
            (_turn, _epoch) = (next.Turn, next.Epoch);
            _place = Encoding.ASCII.GetBytes($"{_turn}:{_epoch}:");
        }
        frames.Id(_place, next.Seq);
        frames.Event(NameOf(next));
        var json = frames.BeginData();
        json.WriteStartObject();
        NativeJson.WriteMembers(json, next);
        json.WriteEndObject();
        frames.EndData();
    }

    private static ReadOnlySpan<byte> NameOf(TurnEvent next) => next switch
    {
        TextDelta => "text"u8,
        ReasoningDelta => "reasoning"u8,
        TurnStarted => "started"u8,
        ContentAdded => "content"u8,
        ToolCallDelta => "tool-call"u8,
        ToolStarted => "tool-started"u8,
        ToolProgress => "tool-progress"u8,
        ToolFinished => "tool-finished"u8,
        ApprovalRequested => "approval"u8,
        Retrying => "retrying"u8,
        StepFinished => "step"u8,
        Reset => "reset"u8,
        TurnCompleted => "completed"u8,
        TurnInterrupted => "interrupted"u8,
        TurnFailed => "failed"u8,
        _ => throw new NotSupportedException($"{next.GetType().Name} has no name on this wire."),
    };
}
