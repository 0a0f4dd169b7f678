using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.RaceTests;

public sealed class LiveTurnsRaceTests
{
    private const int Bound = 4;

    [Fact]
    public async Task Turns_that_stop_while_their_place_comes_up_neither_lose_nor_double_it()
    {
        var seed = Random.Shared.Next();
        await using var runtime = await Stage.StartAsync(
            (messages, token) => messages[^1].Text == "wait" ? Stage.Wait(token) : Stage.Say(["yes"]), more: builder => builder.WithMaxLiveTurns(Bound));
        await Task.WhenAll(Enumerable.Range(0, 48).Select(n => Task.Run(async () =>
        {
            var random = new Random(seed + n);
            for (var i = 0; i < 100; i++)
            {
                var turn = (Turn)runtime.Agents["racer", $"{n}"].NewTurn("hello", null);
                var stop = random.Next(2) == 0 ? Task.Run(() => { Thread.SpinWait(random.Next(20_000)); turn.Stop(InterruptReason.User); }) : Task.CompletedTask;
                while (await Stage.BoundAsync(turn.MoveNextAsync().AsTask(), $"Turn {i} of agent {n}", seed)) Assert.True(runtime.Agents.Status.LiveTurns <= Bound);
                await stop;
            }
        })));
        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));

        using var over = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Bound + 2).Select(n => Stage.ReadAsync(runtime.Agents["racer", $"{n}"].EventsAsync("wait", over.Token))).ToArray();
        var node = runtime.Services.GetRequiredService<AgentsHost>().Node;
        Assert.True(SpinWait.SpinUntil(() => node.Live is { Running: Bound, Waiting: 2 }, Stage.Patience), $"{node.Status}. Seed {seed}.");
        over.Cancel();
        await Task.WhenAll(waiting).WaitAsync(Stage.Patience);
        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));
    }
}
