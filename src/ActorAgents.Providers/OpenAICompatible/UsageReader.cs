using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Reads the <c>usage</c> member of a completion.</summary>
internal static class UsageReader
{
    /// <summary>Null when there is none, as in all but the last event of most servers.</summary>
    public static UsageDetails? Read(ref Utf8JsonReader json) => json.Enter(JsonTokenType.StartObject) ? From(JsonElement.ParseValue(ref json)) : null;

    private static UsageDetails From(JsonElement usage)
    {
        var (input, output) = (Object(usage, "prompt_tokens_details"), Object(usage, "completion_tokens_details"));
        var details = new UsageDetails
        {
            InputTokenCount = Count(usage, "prompt_tokens"),
            OutputTokenCount = Count(usage, "completion_tokens"),
            TotalTokenCount = Count(usage, "total_tokens"),
            CachedInputTokenCount = Count(input, "cached_tokens") ?? Count(usage, "prompt_cache_hit_tokens"), // The latter is DeepSeek's.
            ReasoningTokenCount = Count(output, "reasoning_tokens"),
        };
        Keep(details, "prompt_tokens_details.audio_tokens", Count(input, "audio_tokens"));
        Keep(details, "completion_tokens_details.audio_tokens", Count(output, "audio_tokens"));
        Keep(details, "completion_tokens_details.accepted_prediction_tokens", Count(output, "accepted_prediction_tokens"));
        Keep(details, "completion_tokens_details.rejected_prediction_tokens", Count(output, "rejected_prediction_tokens"));
        return details;
    }

    private static void Keep(UsageDetails details, string name, long? count)
    {
        if (count is { } number) (details.AdditionalCounts ??= []).Add(name, number);
    }

    private static JsonElement Object(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : default;

    private static long? Count(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count)
            ? count
            : null;
}
