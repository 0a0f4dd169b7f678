using ActorAgents.Testing;
using Akka.Actor;

namespace ActorAgents.Tests.Agents;

public sealed class QuestionTests
{
    [Fact]
    public async Task Whoever_gives_up_on_an_answer_leaves_nothing_in_the_actor_system()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello"));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("hello");

        for (var i = 0; i < 200; i++)
        {
            using var gone = new CancellationTokenSource();
            if (i % 2 == 0) await gone.CancelAsync();
            var asked = agent.GetMessagesAsync(gone.Token);
            await gone.CancelAsync();
            try { await asked; }
            catch (OperationCanceledException cancelled) { Assert.Equal(gone.Token, cancelled.CancellationToken); }
        }
        Assert.Equal(2, (await agent.GetMessagesAsync()).Count);

        var questions = ((ExtendedActorSystem)runtime.System).Provider.TempContainer;
        await Task.Run(async () => { while (HasAny()) await Task.Yield(); }).WaitAsync(TimeSpan.FromSeconds(20)); // A question's actor goes just after its answer.

        bool HasAny() => (bool)questions.GetType().GetProperty("HasChildren")!.GetValue(questions)!;
    }
}
