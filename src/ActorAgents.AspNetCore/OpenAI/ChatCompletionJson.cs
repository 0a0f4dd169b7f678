using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A whole chat completion, and what it has in common with a streamed one.</summary>
internal static class ChatCompletionJson
{
    public static void WriteWhole(Utf8JsonWriter json, WholeTurn turn, string model, long created)
    {
        var end = turn.End;
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{end.Turn}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", created);
        json.WriteString("model", model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", end.Text.Length == 0 && end.OpenCalls is { Count: > 0 } ? null : end.Text);
        json.WriteNull("refusal");
        if (turn.Reasoning.Length > 0) json.WriteString("reasoning_content", turn.Reasoning);
        if (end.OpenCalls is { Count: > 0 } calls) Calls(json, calls);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReason(end));
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json, end.Usage);
        json.WriteEndObject();
    }

    /// <summary>One of OpenAI's; a provider's reason that is none of them is a stop.</summary>
    public static string FinishReason(TurnCompleted end) =>
        end.OpenCalls is { Count: > 0 } ? "tool_calls"
        : end.LimitReached is not null || end.FinishReason == ChatFinishReason.Length ? "length"
        : end.FinishReason == ChatFinishReason.ContentFilter ? "content_filter"
        : "stop";

    /// <summary>Clients require the three counts: one that the provider did not report is 0.</summary>
    public static void Usage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokens ?? 0);
        json.WriteNumber("completion_tokens", usage.OutputTokens ?? 0);
        json.WriteNumber("total_tokens", usage.TotalTokens ?? (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0));
        if (usage.CachedInputTokens is { } cached) Detail("prompt_tokens_details", "cached_tokens", cached);
        if (usage.ReasoningTokens is { } reasoning) Detail("completion_tokens_details", "reasoning_tokens", reasoning);
        json.WriteEndObject();

        void Detail(string group, string name, long count)
        {
            json.WriteStartObject(group);
            json.WriteNumber(name, count);
            json.WriteEndObject();
        }
    }

    private static void Calls(Utf8JsonWriter json, IReadOnlyList<OpenToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Tool);
            json.WriteString("arguments", ToolArguments.ToText(call.Arguments));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
