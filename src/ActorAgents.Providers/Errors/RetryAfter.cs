using System.Globalization;

namespace ActorAgents.Providers;

/// <summary>How long a response asks to wait: <c>retry-after-ms</c>, <c>Retry-After</c> in seconds or as a date, or the reset of an exhausted Anthropic limit.</summary>
internal static class RetryAfter
{
    private static readonly string[] AnthropicLimits = ["requests", "tokens", "input-tokens", "output-tokens"];

    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Number(response, "retry-after-ms") is { } milliseconds) return TimeSpan.FromMilliseconds(milliseconds);
        if (response.Headers.RetryAfter is { } header) return header.Delta ?? NotBefore(header.Date - now);
        if (Number(response, "retry-after") is { } seconds) return TimeSpan.FromSeconds(seconds); // With a fraction, which HTTP does not know.
        var resets = AnthropicLimits.Where(limit => Number(response, $"anthropic-ratelimit-{limit}-remaining") == 0)
            .Select(limit => NotBefore(Date(response, $"anthropic-ratelimit-{limit}-reset") - now));
        return resets.Max();
    }

    private static TimeSpan? NotBefore(TimeSpan? wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

    // Beyond a day it is no wait but a mistake, or too much for a TimeSpan.
    private static double? Number(HttpResponseMessage response, string name) =>
        response.Header(name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 86_400_000
            ? number : null;

    private static DateTimeOffset? Date(HttpResponseMessage response, string name) =>
        response.Header(name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
