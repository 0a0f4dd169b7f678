namespace ActorAgents.Providers.Tests.Interop;

public sealed class StopTests(MockServer server) : InteropTest(server)
{
    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task A_provider_that_never_answers_is_given_up(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithLimits(l => l with { FirstTokenTimeout = TimeSpan.FromMilliseconds(300) }));

        var end = End<TurnInterrupted>(await ReadAsync(runtime.Agents["writer", "1"], "hang"));

        Assert.Equal((InterruptReason.FirstTokenTimeout, ""), (end.Reason, end.Partial));
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task A_provider_that_falls_silent_is_given_up_with_what_it_said(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithLimits(l => l with { IdleTimeout = TimeSpan.FromMilliseconds(300) }));

        var end = End<TurnInterrupted>(await ReadAsync(runtime.Agents["writer", "1"], "stall"));

        Assert.Equal(InterruptReason.IdleTimeout, end.Reason);
        Assert.StartsWith("Hello", end.Partial);
    }
}
