using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

public sealed class AfterStepRaceTests
{
    [Fact]
    public async Task A_stop_after_the_step_finds_calls_that_run_that_wait_and_that_await_an_answer()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var tool = AIFunctionFactory.Create(async () => await Task.Delay(1), "tool");
        var guarded = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => "done", "guarded"));
        await using var runtime = await Stage.StartAsync(
            (messages, _) => messages[^1].Role == ChatRole.Tool ? Stage.Say(["done"]) : messages[^1].Text == "ask" ? Stage.Ask("tool", "tool", "guarded") : Stage.Ask("tool", "tool", "tool"),
            agent => agent.WithTool(tool).WithTool(guarded).WithLimits(limits => limits with { MaxParallelTools = 1 }));
        for (var i = 0; i < 300; i++)
        {
            var agent = runtime.Agents["racer", $"{i}"];
            var asks = random.Next(2) == 0;
            var turn = (Turn)agent.NewTurn(asks ? "ask" : "do", null);
            var reading = Stage.ReadAsync(new Once(turn));
            if (random.Next(4) > 0) await Task.Delay(random.Next(4));
            var told = await Task.WhenAll(Task.Run(turn.Loop.StopAfterStep), Task.Run(turn.Loop.StopAfterStep));
            Assert.True(told.Count(yes => yes) <= 1, $"Two were told that theirs is the stop. Seed {seed}.");
            if (!told.Contains(true)) continue;
            var events = await Stage.BoundAsync(reading, $"Turn {i}", seed);
            Assert.Equal(events.OfType<ToolStarted>().Count(), events.OfType<ToolFinished>().Count(finished => finished.Outcome == ToolOutcome.Succeeded));
        }
    }

    private sealed class Once(Turn turn) : IAsyncEnumerable<TurnEvent>
    {
        public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => turn;
    }
}
