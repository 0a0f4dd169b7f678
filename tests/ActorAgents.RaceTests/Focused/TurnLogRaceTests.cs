using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.RaceTests;

/// <summary>A log that grows while readers park, leave and are cancelled.</summary>
public sealed class TurnLogRaceTests
{
    [Fact]
    public async Task Every_reader_that_stays_sees_every_event_and_none_that_left_is_kept()
    {
        var seed = Random.Shared.Next();
        var pieces = Enumerable.Range(0, 70).Select(n => $"{n} ").ToArray();
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Think(pieces));
        using var living = new CancellationTokenSource();
        var left = new List<WeakReference>();
        for (var i = 0; i < 150; i++)
        {
            var random = new Random(HashCode.Combine(seed, i));
            var pace = random.Next(2) == 0 ? Pace.Free : Pace.ByReader(random.Next(1, 4));
            var handle = await runtime.Agents["racer", $"{i}"].StartAsync("go", new TurnOptions { Pace = pace });
            var log = runtime.Services.GetRequiredService<AgentsHost>().Node.Logs.Find(handle.AgentId, handle.Id)!;
            var stays = Stage.ReadAsync(handle.ReadAsync());
            var text = Task.Run(() => handle.StreamAsync().ToStringAsync());
            var others = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(log, new Random(random.Next()), living.Token))).ToArray();
            var events = await Stage.BoundAsync(stays, $"The reader of turn {i}", seed);
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(next => next.Seq));
            Assert.IsType<TurnCompleted>(events[^1]);
            Assert.Equal(string.Concat(pieces), await Stage.BoundAsync(text, $"The reader of the text of turn {i}", seed));
            left.AddRange(await Stage.BoundAsync(Task.WhenAll(others), $"Another reader of turn {i}", seed));
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var kept = left.Count(reader => reader.IsAlive);
        Assert.True(kept <= 4, $"The token keeps {kept} of {left.Count} readers that have left. Seed {seed}."); // A few may stand on a stack.
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ReadAsync(TurnLog log, Random random, CancellationToken living)
    {
        using var leaving = new CancellationTokenSource();
        var byToken = random.Next(2) == 0;
        var most = random.Next(60);
        var asText = random.Next(2) == 0;
        var reader = new TurnLogReader(log, default, new(byToken ? leaving.Token : living, default)) { AsText = asText };
        try
        {
            for (var seen = 0; seen < most || byToken; seen++)
            {
                if (seen == most) _ = Task.Run(leaving.Cancel);
                if (!await reader.MoveNextAsync().ConfigureAwait(false)) break;
                if (!asText && reader.Current.Seq != seen + 1) throw new InvalidOperationException($"Event {reader.Current.Seq} after {seen}.");
            }
        }
        catch (OperationCanceledException) when (byToken) { }
        finally { await reader.DisposeAsync().ConfigureAwait(false); }
        return new WeakReference(reader);
    }
}
