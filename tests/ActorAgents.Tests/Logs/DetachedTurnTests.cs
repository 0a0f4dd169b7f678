using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Logs;

public sealed class DetachedTurnTests
{
    [Fact, Trait("Behaviour", "P06"), Trait("Behaviour", "T77")]
    public async Task A_reader_that_leaves_does_not_stop_the_turn()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        await using (var leaving = turn.ReadAsync().Probe())
        {
            await leaving.ReadTextAsync("A");
            leaving.Pull(); // It leaves while it waits.
        }
        Assert.Equal(1, runtime.Agents.Status.LiveTurns);

        silent.Open();

        await using var reader = turn.ReadAsync().Probe();
        Assert.Equal("AB", (await reader.ReadEndAsync<TurnCompleted>()).Text);
    }

    [Fact]
    public async Task A_turn_that_nobody_reads_runs_to_its_end()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"), Script.Text("C"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await agent.StartAsync("go");
        await agent.RunAsync("after it");

        Assert.Equal(["user: go", "assistant: AB", "user: after it", "assistant: C"], await agent.HistoryAsync());
    }

    [Fact, Trait("Behaviour", "P05"), Trait("Behaviour", "T78")]
    public async Task A_slow_reader_does_not_hold_up_a_fast_one()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 500).Select(i => $"{i} ")).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        await using StreamProbe<TurnEvent> slow = turn.ReadAsync().Probe(), fast = turn.ReadAsync().Probe();
        await slow.NextAsync();

        await fast.ReadEndAsync<TurnCompleted>();

        Assert.Single(slow.Seen);
        await slow.ReadEndAsync<TurnCompleted>();
        Assert.Equal(fast.Seen, slow.Seen);
    }

    [Fact, Trait("Behaviour", "P06"), Trait("Behaviour", "T77")]
    public async Task From_every_place_a_reader_sees_exactly_what_comes_after_it()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 200).Select(i => $"{i} ")));
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        await using var whole = turn.ReadAsync().Probe();
        await whole.ReadEndAsync<TurnCompleted>();

        foreach (var seen in whole.Seen)
        {
            await using var rest = turn.ReadAsync(seen.Cursor).Probe();
            Assert.Equal(whole.Seen.Skip((int)seen.Seq), await rest.ReadAllAsync());
        }
    }

    [Fact, Trait("Behaviour", "P06"), Trait("Behaviour", "T78")]
    public async Task Readers_that_reconnect_all_the_time_while_the_turn_runs_miss_and_repeat_nothing()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 1000).Select(i => $"{i} ")).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go", new TurnOptions { Pace = Pace.ByReader(8) });

        await Task.WhenAll(Enumerable.Range(1, 8).Select(step => Task.Run(async () =>
        {
            var (cursor, seqs) = (TurnCursor.Start, new List<long>());
            for (var over = false; !over;)
            {
                var left = step * 7;
                await foreach (var next in turn.ReadAsync(cursor))
                {
                    seqs.Add(next.Seq);
                    cursor = next.Cursor;
                    over = next is TerminalEvent;
                    if (--left == 0) break;
                }
            }
            Assert.Equal(Enumerable.Range(1, seqs.Count).Select(i => (long)i), seqs);
        })));
    }

    [Fact]
    public async Task Every_one_of_many_readers_that_wait_for_the_end_sees_it()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Yield().Text("B").Yield(), keepRequests: false);
        await using var runtime = await WaysOut.StartAsync(provider);
        for (var round = 0; round < 300; round++)
        {
            var turn = await runtime.Agents["writer", $"{round}"].StartAsync("go");
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                TurnEvent? last = null;
                await foreach (var next in turn.ReadAsync()) last = next;
                Assert.IsType<TurnCompleted>(last);
            })));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_readers_token_ends_its_reading_and_not_the_turn(bool ofTheCall)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        using CancellationTokenSource ofCall = new(), ofEnumeration = new();
        await using var reader = turn.ReadAsync(cancellationToken: ofCall.Token).GetAsyncEnumerator(ofEnumeration.Token);
        await reader.MoveNextAsync();
        await reader.MoveNextAsync();
        var waits = reader.MoveNextAsync().AsTask();
        Assert.False(waits.IsCompleted);

        await (ofTheCall ? ofCall : ofEnumeration).CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(TimeSpan.FromSeconds(30)));
        silent.Open();
        await using var other = turn.ReadAsync().Probe();
        Assert.Equal("AB", (await other.ReadEndAsync<TurnCompleted>()).Text);
    }

    [Fact]
    public async Task A_start_whose_caller_had_cancelled_starts_nothing()
    {
        var provider = new ScriptedProvider();
        await using var runtime = await WaysOut.StartAsync(provider);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runtime.Agents["writer", "1"].StartAsync("go", null, new CancellationToken(canceled: true)));

        Assert.Equal(0, runtime.Agents.Status.Agents);
    }
}
