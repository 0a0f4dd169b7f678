namespace ActorAgents.RaceTests;

/// <summary>The reader, the provider and a stop, each alone against one other.</summary>
public sealed class PullRaceTests
{
    [Fact]
    public async Task No_chunk_that_arrives_while_the_reader_parks_is_slept_through()
    {
        var seed = Random.Shared.Next();
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Say(Enumerable.Repeat("x", 1000)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                var events = await Stage.BoundAsync(Stage.ReadAsync(runtime.Agents["racer", $"{n}.{i}"].EventsAsync("go")), $"Turn {i} of reader {n}", seed);
                Assert.Equal(1000, Assert.IsType<TurnCompleted>(events[^1]).Text.Length);
            }
        })));
    }

    [Fact]
    public async Task A_stop_between_the_loops_look_and_the_release_ends_the_turn()
    {
        Turn? turn = null;
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Say(StopInBetween()));
        for (var i = 0; i < 200; i++)
        {
            turn = (Turn)runtime.Agents["racer", $"{i}"].NewTurn("go", null);
            do await Stage.BoundAsync(turn.MoveNextAsync().AsTask(), $"Turn {i}", 0);
            while (turn.Current is not (TextDelta or TerminalEvent));
            if (turn.Current is TerminalEvent) continue; // The provider gave its thread away: the loop looked again.
            Assert.True(turn.Loop.HasEnded, $"Turn {i} was stopped while it was pulled, and goes on though nobody pulls again.");
            Assert.True(await turn.MoveNextAsync() && turn.Current is TurnInterrupted { Partial: "x" });
        }

        IEnumerable<string> StopInBetween()
        {
            turn!.Stop(InterruptReason.User); // The loop has looked for stops and waits for this chunk.
            yield return "x";
        }
    }

    [Fact]
    public async Task Of_stops_at_once_one_is_told_that_it_ended_the_turn()
    {
        var seed = Random.Shared.Next();
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Say([]));
        for (var i = 0; i < 3000; i++)
        {
            var turn = (Turn)runtime.Agents["racer", "one"].NewTurn("go", null);
            var told = 0;
            Parallel.For(0, 2, _ => { if (turn.Stop(InterruptReason.User)) Interlocked.Increment(ref told); });
            Assert.True(told == 1, $"{told} stops were told that theirs ended the turn. Seed {seed}.");
            Assert.True(await turn.MoveNextAsync() && turn.Current is TurnInterrupted);
            Assert.False(await turn.MoveNextAsync());
        }
    }
}
