using System.Diagnostics;

namespace ActorAgents.RaceTests;

/// <summary>So many turns, so many at once, then the accounts of the whole.</summary>
internal sealed class Round(RaceWorld world, int seed, int turns, int parallel)
{
    private int _last = -1;

    public async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        var disturber = Task.Run(() => world.DisturbAsync(seed, over.Token));
        var workers = Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(WorkAsync)));
        while (!workers.IsCompleted && !world.Books.Failed.IsCompleted)
        {
            await Task.WhenAny(workers, world.Books.Failed, Task.Delay(500)).ConfigureAwait(false);
            LookForHangs();
        }
        over.Cancel();
        Report();
        await workers.ConfigureAwait(false);
        await disturber.ConfigureAwait(false);
        world.Books.Release();
        await SettleAsync().ConfigureAwait(false);
        foreach (var agent in Enumerable.Range(0, world.Agents.Length)) await History.JudgeAsync(world, agent).ConfigureAwait(false);
        Report();
    }

    private async Task WorkAsync()
    {
        while (Interlocked.Increment(ref _last) is var number && number < turns)
        {
            var turn = world.Books.Turns[number] = new RaceTurn(world, number, new Plan(seed, number, world.Agents.Length));
            try { await turn.RunAsync().ConfigureAwait(false); }
            catch (Exception exception) { world.Books.Violate($"{turn} threw {exception}"); }
        }
    }

    private void LookForHangs()
    {
        foreach (var turn in world.Books.Turns.Values)
            if (turn.IsRunning && turn.Age > RaceWorld.Patience * 1.5) world.Books.Violate($"{turn} hangs. {Dump.Of(world.Node, turn.Id)}");
    }

    /// <summary>Everything that was opened is closed and nothing is left over.</summary>
    private async Task SettleAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < RaceWorld.Patience)
        {
            if (world.Status is { LiveTurns: 0, WaitingTurns: 0, AbandonedCalls: 0, AbandonedTools: 0 } && world.Books.Opened == world.Books.Closed) return;
            await Task.Delay(10).ConfigureAwait(false);
        }
        world.Books.Violate($"At the end there are {world.Status}; of {world.Books.Opened} enumerators {world.Books.Closed} were disposed. {Dump.Of(world.Node)}");
    }

    private void Report()
    {
        if (world.Books.Violations.Count == 0) return;
        var some = string.Join('\n', world.Books.Violations.Take(12));
        Assert.Fail($"Seed {seed}, {turns} turns, {parallel} at once, {_last + 1} begun: {world.Books.Violations.Count} violations.\n{some}");
    }
}
