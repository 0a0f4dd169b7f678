using System.Diagnostics;
using Xunit.Abstractions;

namespace ActorAgents.RaceTests;

/// <summary>
/// Random turns on a few hundred agents, stopped, halted, left, removed and answered by everybody at once. <c>ACTORAGENTS_RACE_TURNS</c> says how many
/// over all rounds, <c>ACTORAGENTS_RACE_SEED</c> repeats the plans of a failure.
/// </summary>
public sealed class TurnRaceTests(ITestOutputHelper output)
{
    private static readonly int Turns = int.TryParse(Environment.GetEnvironmentVariable("ACTORAGENTS_RACE_TURNS"), out var turns) ? turns : 30_000;
    private static readonly int? Seed = int.TryParse(Environment.GetEnvironmentVariable("ACTORAGENTS_RACE_SEED"), out var seed) ? seed : null;

    [Theory]
    [InlineData(8, 6, null, 10)]
    [InlineData(64, 48, null, 35)]
    [InlineData(64, 96, 16, 15)]
    [InlineData(512, 256, null, 40)]
    public async Task Every_turn_ends_once_and_everybody_agrees_how(int parallel, int agents, int? maxLiveTurns, int percent)
    {
        var seed = Seed ?? Random.Shared.Next();
        var turns = Turns * percent / 100;
        var since = Stopwatch.GetTimestamp();
        await using var world = await RaceWorld.StartAsync(agents, maxLiveTurns);
        await new Round(world, seed, turns, parallel).RunAsync();
        output.WriteLine($"Seed {seed}: {turns} turns, {parallel} at once, {world.Books.Opened} calls, in {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s. {world.Books.Summary()}");
    }
}
