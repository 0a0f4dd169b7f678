using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>Agents that leave while inputs arrive.</summary>
public sealed class RetireRaceTests
{
    [Fact]
    public async Task No_input_is_lost_or_overtaken_while_its_agent_leaves()
    {
        var seed = Random.Shared.Next();
        var began = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var runtime = await Stage.StartAsync((messages, _) =>
        {
            began.Enqueue(messages[^1].Text);
            return Stage.Say(["yes"]);
        });
        var random = new Random(seed);
        for (var i = 0; i < 1500; i++)
        {
            var agent = runtime.Agents["racer", $"{i % 3}"];
            began.Clear();
            var removal = runtime.Agents.RemoveAsync(agent.Id);
            var turns = Enumerable.Range(0, 6).Select(n => (Turn)agent.NewTurn($"{n}", null)).ToArray();
            var reading = new List<Task<TerminalEvent>>();
            foreach (var turn in turns)
            {
                if (random.Next(3) == 0) Thread.SpinWait(random.Next(3000));
                var first = turn.MoveNextAsync(); // Sends it.
                if (random.Next(3) == 0) turn.Stop(InterruptReason.User);
                reading.Add(EndAsync(turn, first));
            }
            await removal;
            await Stage.BoundAsync(Task.WhenAll(reading), $"A turn of round {i}", seed);
            var order = began.ToArray();
            Assert.True(order.SequenceEqual(order.Order()), $"Inputs began in the order {string.Join(", ", order)}. Seed {seed}.");
        }
    }

    [Fact]
    public async Task A_turn_that_came_after_the_removal_is_remembered()
    {
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Say(["yes"]));
        for (var i = 0; i < 1000; i++)
        {
            var agent = runtime.Agents["racer", "one"];
            var removal = runtime.Agents.RemoveAsync(agent.Id);
            var run = agent.RunAsync($"input {i}");
            var questions = Enumerable.Range(0, 40).Select(_ => agent.GetMessagesAsync()).ToArray(); // Keep the parent busy meanwhile.
            await removal;
            await run.WaitAsync(Stage.Patience);
            await Task.WhenAll(questions).WaitAsync(Stage.Patience);
            var messages = await agent.GetMessagesAsync().WaitAsync(Stage.Patience);
            Assert.Contains(messages, message => message.Role == ChatRole.User && message.Text == $"input {i}");
        }
    }

    [Fact]
    public async Task Agents_that_are_forgotten_within_milliseconds_serve_every_input()
    {
        var seed = Random.Shared.Next();
        await using var runtime = await Stage.StartAsync((_, _) => Stage.Say(["yes"]), agent => agent.ForgetAfter(TimeSpan.FromMilliseconds(1)));
        await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(async () =>
        {
            var random = new Random(seed + n);
            var agent = runtime.Agents["racer", $"{n}"];
            for (var i = 0; i < 60; i++)
            {
                var answer = await Stage.BoundAsync(agent.RunAsync("hello"), $"Turn {i} of agent {n}", seed);
                Assert.Equal("yes", answer.Content);
                await Task.Delay(random.Next(8, 26)); // About the tick of the scheduler that notices idleness.
            }
        })));
    }

    private static async Task<TerminalEvent> EndAsync(Turn turn, ValueTask<bool> first)
    {
        if (await first.ConfigureAwait(false))
        {
            do
            {
                if (turn.Current is TerminalEvent terminal) return terminal;
            } while (await turn.MoveNextAsync().ConfigureAwait(false));
        }
        throw new InvalidOperationException("No terminal event.");
    }
}
