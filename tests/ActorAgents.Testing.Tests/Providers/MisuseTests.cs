namespace ActorAgents.Testing.Tests;

public sealed class MisuseTests
{
    private readonly ScriptedProvider _provider = new(Script.Stall(out _).Text("a"));

    [Fact]
    public async Task Two_pulls_at_once_are_noticed()
    {
        var reader = _provider.Ask().GetAsyncEnumerator();
        _ = reader.MoveNextAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.MoveNextAsync());
        Assert.Contains("while another was in flight", Assert.Single(_provider.Violations));
    }

    [Fact]
    public async Task A_disposal_during_a_pull_is_noticed()
    {
        var reader = _provider.Ask().GetAsyncEnumerator();
        _ = reader.MoveNextAsync();
        await reader.DisposeAsync();

        Assert.Contains("DisposeAsync was called while MoveNextAsync was in flight", Assert.Single(_provider.Violations));
        Assert.Equal(0, _provider.InFlight);
    }

    [Fact]
    public async Task A_second_disposal_is_noticed_and_counted_once()
    {
        var reader = _provider.Ask().GetAsyncEnumerator();
        await reader.DisposeAsync();
        await reader.DisposeAsync();

        Assert.Contains("DisposeAsync was called twice", Assert.Single(_provider.Violations));
        Assert.Equal(1, _provider.EnumeratorsDisposed);
    }

    [Fact]
    public async Task A_pull_after_disposal_is_noticed()
    {
        var reader = _provider.Ask().GetAsyncEnumerator();
        await reader.DisposeAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.MoveNextAsync());
        Assert.Contains("after DisposeAsync", Assert.Single(_provider.Violations));
    }

    [Fact]
    public async Task A_second_enumeration_is_noticed()
    {
        var stream = _provider.Ask();
        await using var reader = stream.GetAsyncEnumerator();

        Assert.Throws<InvalidOperationException>(() => stream.GetAsyncEnumerator());
        Assert.Contains("enumerated twice", Assert.Single(_provider.Violations));
    }

    [Fact]
    public async Task A_result_fetched_twice_or_never_is_noticed()
    {
        var provider = ScriptedProvider.Always(Script.Stall(out var gate).Text("a"));
        var twice = provider.Ask().GetAsyncEnumerator();
        var never = provider.Ask().GetAsyncEnumerator();
        var result = twice.MoveNextAsync();
        var unfetched = never.MoveNextAsync();
        await gate.ReachedAsync(2);
        gate.Open();

        await result;
        await result;
        Assert.Contains("fetched twice", Assert.Single(provider.Violations));
        Assert.True(SpinWait.SpinUntil(() => unfetched.IsCompleted, TimeSpan.FromSeconds(30)));
        await never.DisposeAsync();
        Assert.Contains("before the result of MoveNextAsync was fetched", provider.Violations[1]);
    }
}
