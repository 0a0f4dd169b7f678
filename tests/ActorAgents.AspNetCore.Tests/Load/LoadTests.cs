using System.Globalization;
using Xunit.Abstractions;

namespace ActorAgents.AspNetCore.Tests.Load;

/// <summary>Thousands of streams at once; <c>ACTORAGENTS_LOAD_TURNS</c> says how many, 5,000 unless set.</summary>
[Collection(nameof(Alone))]
public sealed class LoadTests(ITestOutputHelper output)
{
    private static readonly int Turns = int.TryParse(Environment.GetEnvironmentVariable("ACTORAGENTS_LOAD_TURNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var turns) ? turns : 5_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Of what one live turn holds here, its client included: generous, but far below what an unread answer would be.
    private const int LiveBytes = 64 * 1024;

    // Of what a wave leaves per turn beyond the one before. The first ones fill the server's pools; a leak grows with each.
    private const int LeftBytes = 512, MostWaves = 5;

    /// <summary>No other test's heap is measured here.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public async Task Of_thousands_of_streams_every_frame_is_accounted_for_and_nothing_is_left()
    {
        var provider = new HeldProvider(pieces: 60);
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { FirstTokenTimeout = Patience, IdleTimeout = Patience }));
        var before = HeapBytes();

        var live = await RunWaveAsync(server, provider);
        var after = new List<long> { HeapBytes() };
        do
        {
            await RunWaveAsync(server, provider);
            after.Add(HeapBytes());
        }
        while (after[^1] - after[^2] > (long)Turns * LeftBytes && after.Count < MostWaves);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Turns} turns: heap {before >> 10} KiB before, {live >> 10} KiB live, {string.Join(", ", after.Select(bytes => bytes >> 10))} KiB after"));
        Assert.InRange(live - before, long.MinValue, (long)Turns * LiveBytes);
        Assert.InRange(after[^1] - after[^2], long.MinValue, (long)Turns * LeftBytes);
    }

    /// <returns>The heap while all are live.</returns>
    private static async Task<long> RunWaveAsync(AgentServer server, HeldProvider provider)
    {
        var past = server.Agents.Status;
        var readers = Enumerable.Range(0, Turns).Select(i => new LoadReader(server.Address, i)).ToList();
        var (leaving, slow, steady) = (Every(readers, 0), Every(readers, 1), readers.Where((_, i) => i % 10 > 1).ToList());

        // All live at once: each has its first frames, and the provider holds the rest.
        var held = provider.HoldAsync(Turns);
        await Task.WhenAll(readers.Select(reader => reader.OpenAsync())).WaitAsync(Patience);
        await held.WaitAsync(Patience);
        Assert.Equal(Turns, server.Agents.Status.LiveTurns);
        var live = HeapBytes();

        // A tenth goes away: their turns end, and nobody else's.
        foreach (var reader in leaving) reader.Dispose();
        await UntilAsync(() => server.Agents.Status.LiveTurns == Turns - leaving.Count);
        Assert.Equal(leaving.Count, server.Agents.Status.Interrupted - past.Interrupted);

        // A tenth does not read until all others have read to the end.
        provider.LetGo();
        await Task.WhenAll(steady.Select(reader => reader.ReadToEndAsync())).WaitAsync(Patience);
        await Task.WhenAll(slow.Select(reader => reader.ReadToEndAsync())).WaitAsync(Patience);

        foreach (var reader in steady.Concat(slow)) reader.AssertWhole(provider);
        foreach (var reader in leaving) reader.AssertBegun();
        await UntilAsync(() => server.Agents.Status.LiveTurns == 0 && provider.Open == 0);
        var status = server.Agents.Status;
        Assert.Equal((Turns - leaving.Count, 0L), (status.Completed - past.Completed, status.Failed - past.Failed));

        foreach (var reader in readers)
        {
            await server.Agents.RemoveAsync(new AgentId("assistant", reader.Key));
            reader.Dispose();
        }
        await UntilAsync(() => server.Agents.Status.Agents == 0);
        return live;
    }

    /// <summary>Forced by itself, the total settles to a twentieth only, which is more than what is asked here.</summary>
    private static long HeapBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static List<LoadReader> Every(List<LoadReader> readers, int rest) => [.. readers.Where((_, i) => i % 10 == rest)];

    /// <summary>The counts have no signal: they are asked for again.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(5);
        }
    }
}
