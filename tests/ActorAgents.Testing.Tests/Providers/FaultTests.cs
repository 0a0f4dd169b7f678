using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Testing.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_stall_can_be_awaited_and_ended_by_its_gate()
    {
        var provider = new ScriptedProvider(Script.Text("a").Stall(out var gate).Text("b"));
        await using var reader = provider.Ask().GetAsyncEnumerator();
        await reader.MoveNextAsync();

        var pull = reader.MoveNextAsync();
        await gate.ReachedAsync();
        await provider.StalledAsync();
        Assert.False(pull.IsCompleted);
        gate.Open();

        Assert.True(await pull);
        Assert.Equal("b", reader.Current.Text);
        Assert.Empty(provider.Violations);
    }

    [Fact]
    public async Task Cancelling_ends_a_stall_and_is_seen()
    {
        using var stop = new CancellationTokenSource();
        var provider = new ScriptedProvider(Script.Stall());
        await using var reader = provider.Ask(stop.Token).GetAsyncEnumerator();

        var pull = reader.MoveNextAsync();
        await provider.StalledAsync();
        await stop.CancelAsync();

        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => pull.AsTask());
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        await provider.CancelledAsync();
        Assert.True(provider.Requests[0].SawCancellation);
        Assert.Empty(provider.Violations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_of_two_tokens_cancels(bool first)
    {
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        await using var reader = new ScriptedProvider(Script.Stall()).Ask(one.Token).GetAsyncEnumerator(two.Token);

        var pull = reader.MoveNextAsync();
        await (first ? one : two).CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => pull.AsTask());
    }

    [Fact]
    public async Task A_deaf_script_sees_the_cancellation_and_goes_on_only_by_its_gate()
    {
        using var stop = new CancellationTokenSource();
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("late").IgnoreCancellation());
        await using var reader = provider.Ask(stop.Token).GetAsyncEnumerator();

        var pull = reader.MoveNextAsync();
        await stop.CancelAsync();
        await provider.CancelledAsync();
        Assert.False(pull.IsCompleted);
        gate.Open();

        Assert.True(await pull);
        Assert.Equal("late", reader.Current.Text);
    }

    [Fact]
    public async Task A_deaf_script_sees_the_cancellation_of_a_delay_too()
    {
        using var stop = new CancellationTokenSource();
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Delay(TimeSpan.FromMinutes(1)).Text("late").IgnoreCancellation()) { Time = time.Provider };
        await using var reader = provider.Ask(stop.Token).GetAsyncEnumerator();

        var pull = reader.MoveNextAsync();
        await stop.CancelAsync();
        await provider.CancelledAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await pull);
        Assert.Equal("late", reader.Current.Text);
    }

    [Fact]
    public async Task A_listening_script_stops_at_the_next_chunk()
    {
        using var stop = new CancellationTokenSource();
        await using var reader = new ScriptedProvider(Script.Text("a", "b")).Ask(stop.Token).GetAsyncEnumerator();
        await reader.MoveNextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => reader.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_blocking_script_holds_its_readers_thread()
    {
        await using var reader = new ScriptedProvider(Script.BlockSynchronously(out var gate).Text("a")).Ask().GetAsyncEnumerator();

        var pull = Task.Run(() => reader.MoveNextAsync().AsTask());
        await gate.ReachedAsync();
        Assert.False(pull.IsCompleted);
        gate.Open();

        Assert.True(await pull);
    }

    [Fact]
    public async Task A_yield_makes_what_follows_asynchronous()
    {
        var provider = new ScriptedProvider(Script.Text("a").Yield().Text("b"), Script.Text("a", "b").YieldBetween());

        Assert.Equal(3, (await provider.ReadAsync()).Count);
        Assert.Equal(3, (await provider.ReadAsync()).Count);
        Assert.Empty(provider.Violations);
    }

    [Fact]
    public async Task Delays_follow_the_given_clock_and_lie_between_chunks()
    {
        var time = new FakeTimeProvider();
        var provider = new ScriptedProvider(Script.Text("a").Finish(Microsoft.Extensions.AI.ChatFinishReason.Stop).DelayBetween(TimeSpan.FromHours(1))) { Time = time };
        await using var reader = provider.Ask().GetAsyncEnumerator();

        Assert.True(reader.MoveNextAsync().IsCompletedSuccessfully);
        var second = reader.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await second);
        Assert.False(await reader.MoveNextAsync());
    }
}
