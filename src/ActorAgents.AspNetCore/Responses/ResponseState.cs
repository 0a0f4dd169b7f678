using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A response as it stands.</summary>
internal sealed class ResponseState(ResponseId id, JsonElement settings)
{
    private readonly HashSet<string> _tools = [.. settings.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];
    private string? _incomplete;
    private TokenUsage? _usage;

    /// <summary>Changes until the first that is shown of it.</summary>
    public ResponseId Id { get; set; } = id;

    public ResponseOutput Output { get; } = new(id.Turn);

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public string Status { get; set; } = "in_progress";

    /// <summary>Why it failed.</summary>
    public HttpError? Error { get; private set; }

    /// <summary>Whether a tool is the caller's to run.</summary>
    public bool IsCallers(string tool) => _tools.Contains(tool);

    /// <summary>As the conversation has it, which does not tell tokens and reasons of failures.</summary>
    public static ResponseState Of(ResponseId id, KeptTurn kept)
    {
        var input = kept.Messages.ToList().FindLastIndex(message => ResponseSettings.Find(message) is not null);
        var response = new ResponseState(id, ResponseSettings.Of(id, kept));
        var answered = kept.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        foreach (var message in kept.Messages.Skip(input + 1))
        {
            if (message.Role == ChatRole.Assistant) response.Output.Add(message, call => kept.State == "completed" && !answered.Contains(call));
            else response.Output.Close();
        }
        (response.Status, response.Error) = kept.State switch
        {
            "running" => ("in_progress", null),
            "interrupted" => ("cancelled", null),
            "failed" => ("failed", new HttpError(StatusCodes.Status502BadGateway, "provider_error", "The turn failed; why is not kept any more.")),
            _ => ("completed", (HttpError?)null),
        };
        if (kept.State != "running") response.Output.Close(kept.State == "completed" ? "completed" : "incomplete");
        return response;
    }

    /// <summary>Takes in an event of a turn that is not streamed.</summary>
    public void Add(TurnEvent next)
    {
        switch (next)
        {
            case TextDelta text: Output.Add(ItemKind.Message, text.Text); break;
            case ReasoningDelta reasoning: Output.Add(ItemKind.Reasoning, reasoning.Text); break;
            case StepFinished: Output.Close(); break;
            case TurnCompleted { OpenCalls: { } calls }:
                foreach (var call in calls) Output.AddCall(call.CallId, call.Tool, call.Arguments);
                break;
        }
        if (next is TerminalEvent end) End(end);
    }

    public void End(TerminalEvent end)
    {
        _usage = end.Usage;
        var error = HttpErrors.Of(end);
        (Status, _incomplete) = end switch
        {
            TurnCompleted completed => ChatCompletionJson.FinishReason(completed) switch
            {
                "length" => ("incomplete", "max_output_tokens"),
                "content_filter" => ("incomplete", "content_filter"),
                _ => ("completed", null),
            },
            TurnInterrupted { Reason: InterruptReason.TextLimit } => ("incomplete", "max_output_tokens"),
            _ when error!.Status == StatusCodes.Status409Conflict => ("cancelled", (string?)null),
            _ => ("failed", null),
        };
        Error = Status == "failed" ? error : null;
        if (end is TurnCompleted) Output.Close();
        Output.Cut();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id.ToString());
        json.WriteString("object", "response");
        json.WriteNumber("created_at", Id.Created);
        json.WriteString("status", Status);
        json.WritePropertyName("error");
        if (Error is null) json.WriteNullValue(); else WriteError(json, Error);
        json.WritePropertyName("incomplete_details");
        if (_incomplete is null) json.WriteNullValue();
        else NativeWire.Whole(json, () => json.WriteString("reason", _incomplete));
        json.WriteStartArray("output");
        foreach (var item in Output.Items) item.Write(json);
        json.WriteEndArray();
        json.WritePropertyName("usage");
        if (_usage is null) json.WriteNullValue(); else WriteUsage(json, _usage);
        foreach (var setting in settings.EnumerateObject()) setting.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The codes are a closed list of OpenAI's.</summary>
    public static string CodeOf(HttpError error) => error.Status switch
    {
        StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        < StatusCodes.Status500InternalServerError => "invalid_prompt",
        _ => "server_error",
    };

    private static void WriteError(Utf8JsonWriter json, HttpError error) => NativeWire.Whole(json, () =>
    {
        json.WriteString("code", CodeOf(error));
        json.WriteString("message", error.Message);
    });

    /// <summary>Clients require the counts: one that the provider did not report is 0.</summary>
    private static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", usage.InputTokens ?? 0);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInputTokens ?? 0);
        json.WriteNumber("cache_write_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", usage.OutputTokens ?? 0);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens ?? 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", usage.TotalTokens ?? (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0));
        json.WriteEndObject();
    }
}
