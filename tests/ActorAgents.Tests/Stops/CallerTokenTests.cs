using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class CallerTokenTests
{
    [Fact]
    public async Task Already_cancelled_nothing_is_asked_and_nothing_is_kept()
    {
        var provider = new ScriptedProvider();
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = agent.EventsAsync("go", new CancellationToken(canceled: true)).Probe();

        await probe.ReadInterruptedAsync(InterruptReason.Caller, "");

        Assert.Equal(0, provider.CallsStarted);
        Assert.Empty(await agent.HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
    }

    [Fact]
    public async Task Already_cancelled_an_input_that_would_replace_the_running_turn_does_not()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var running = agent.EventsAsync("go").Probe();
        await running.ReadTextAsync("A");
        await using var probe = agent.EventsAsync("never", new TurnOptions { OnBusy = BusyPolicy.Interrupt }, new CancellationToken(canceled: true)).Probe();

        await probe.ReadInterruptedAsync(InterruptReason.Caller, "");
        await agent.GetMessagesAsync(); // By then the agent has seen the input.

        silent.Open();
        Assert.Equal("AB", (await running.ReadEndAsync<TurnCompleted>()).Text);
    }

    [Fact]
    public async Task While_it_waits_in_the_queue_it_leaves_no_trace()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var running = agent.EventsAsync("go").Probe();
        await running.ReadTextAsync("A");
        using var caller = new CancellationTokenSource();
        await using var waiting = agent.EventsAsync("never", caller.Token).Probe();
        waiting.Pull();

        await caller.CancelAsync();

        await waiting.ReadInterruptedAsync(InterruptReason.Caller, "");
        silent.Open();
        await running.ReadEndAsync<TurnCompleted>();
        Assert.Equal(["user: go", "assistant: A"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task While_the_reader_waits_the_provider_is_released()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        using var caller = new CancellationTokenSource();
        await using var probe = agent.EventsAsync("go", caller.Token).Probe();
        await probe.ReadUpToAsync("A", silent);

        await caller.CancelAsync();

        await probe.ReadInterruptedAsync(InterruptReason.Caller, "A");
        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task Between_two_reads_the_end_is_recorded_at_once()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        using var caller = new CancellationTokenSource();
        await using var probe = agent.EventsAsync("go", caller.Token).Probe();
        await probe.ReadTextAsync("A");

        await caller.CancelAsync();

        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        await probe.ReadInterruptedAsync(InterruptReason.Caller, "A");
    }

    [Fact]
    public async Task Views_that_throw_carry_the_callers_token_and_the_partial_text()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        using var caller = new CancellationTokenSource();
        var streamed = runtime.Agents["writer", "1"].StreamAsync("go", caller.Token).CollectAsync();
        var ran = runtime.Agents["writer", "2"].RunAsync("go", caller.Token);
        await silent.ReachedAsync(2);

        await caller.CancelAsync();

        foreach (var failure in new[] { await Assert.ThrowsAsync<StreamInterruptedException>(() => streamed), await Assert.ThrowsAsync<StreamInterruptedException>(() => ran) })
        {
            Assert.Equal((InterruptReason.Caller, "A"), (failure.Reason, failure.PartialResponse));
            Assert.Equal(caller.Token, failure.CancellationToken);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Either_of_two_tokens_interrupts(bool ofTheCall)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        using CancellationTokenSource ofCall = new(), ofEnumeration = new();
        await using var events = runtime.Agents["writer", "1"].EventsAsync("go", ofCall.Token).GetAsyncEnumerator(ofEnumeration.Token);
        TurnEvent? last = null;
        var read = Task.Run(async () => { while (await events.MoveNextAsync()) last = events.Current; });
        await silent.ReachedAsync();

        await (ofTheCall ? ofCall : ofEnumeration).CancelAsync();

        await read;
        Assert.Equal(InterruptReason.Caller, Assert.IsType<TurnInterrupted>(last).Reason);
    }
}
