using System.Net;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData(20.0, "Retry-After", "20")]
    [InlineData(1.5, "Retry-After", "1.5")]
    [InlineData(0.25, "retry-after-ms", "250", "Retry-After", "9")]
    [InlineData(90.0, "Retry-After", "Sun, 01 Mar 2026 12:01:30 GMT")]
    [InlineData(0.0, "Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT")]
    [InlineData(null, "Retry-After", "soon")]
    [InlineData(null, "retry-after-ms", "-5")]
    [InlineData(null, "retry-after-ms", "1e300")]
    [InlineData(30.0, "anthropic-ratelimit-tokens-remaining", "0", "anthropic-ratelimit-tokens-reset", "2026-03-01T12:00:30Z")]
    [InlineData(null, "anthropic-ratelimit-tokens-remaining", "5", "anthropic-ratelimit-tokens-reset", "2026-03-01T12:00:30Z")]
    public void The_wait_is_read_however_it_is_said(double? seconds, params string[] headers)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var pair in headers.Chunk(2)) response.Headers.TryAddWithoutValidation(pair[0], pair[1]);

        Assert.Equal(seconds is { } expected ? TimeSpan.FromSeconds(expected) : null, RetryAfter.Of(response, Now));
    }
}
