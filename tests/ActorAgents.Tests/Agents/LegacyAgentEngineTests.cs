using ActorAgents.Testing;
using Akka.Actor;

namespace ActorAgents.Tests.Agents;

public sealed class LegacyAgentEngineTests
{
    [Fact, Trait("Behaviour", "T85")]
    public async Task Running_gives_the_whole_answer()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hello ", "world!").YieldBetween()));
        var legacy = new LegacyAgent(runtime.Agents["writer", "1"]);

        Assert.Equal("Hello world!", await OnOwnThread(() => legacy.Run("Hi").Content));
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Synchronous_streaming_gives_the_same_chunks()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("Hello ", "world!").YieldBetween().Usage(5, 2)));
        var legacy = new LegacyAgent(runtime.Agents["writer", "1"]);

        var chunks = await OnOwnThread(() => legacy.StreamSync("Hi").ToList());
        var streamed = await runtime.Agents["writer", "2"].StreamAsync("Hi").ToListAsync();

        Assert.Equal(streamed.Select(Shape), chunks.Select(Shape));

        static (string, bool, object?) Shape(StreamChunk chunk) => (chunk.Content, chunk.IsFinal, chunk.Metadata.GetValueOrDefault("total_tokens"));
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Leaving_early_interrupts_the_turn_and_releases_the_provider()
    {
        var provider = new ScriptedProvider(Script.Text("Hel").Stall());
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await OnOwnThread(() => new LegacyAgent(agent).StreamSync("Hi").First().Content);

        await provider.ReleasedAsync();
        var messages = await agent.GetMessagesAsync();
        Assert.Equal(["user: Hi", "assistant: Hel"], messages.Lines());
        Assert.All(messages, message => Assert.Equal("interrupted", message.State()));
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Failures_come_as_they_are()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("Hel").Fails(400)));
        var legacy = new LegacyAgent(runtime.Agents["writer", "1"]);

        await Assert.ThrowsAsync<ProviderException>(() => OnOwnThread(() => legacy.Run("Hi")));
        await Assert.ThrowsAsync<ProviderException>(() => OnOwnThread(() => legacy.StreamSync("Hi").Count()));
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Inside_an_actor_both_calls_are_refused_and_nothing_starts()
    {
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await WaysOut.StartAsync(provider);
        var legacy = new LegacyAgent(runtime.Agents["writer", "1"]);
        var actor = runtime.System.ActorOf(Props.Create(() => new Caller()));

        Assert.Contains("inside an actor", await actor.Ask<string>((Action)(() => legacy.Run("Hi")), TimeSpan.FromSeconds(30)));
        Assert.Contains("inside an actor", await actor.Ask<string>((Action)(() => legacy.StreamSync("Hi")), TimeSpan.FromSeconds(30)));
        Assert.Equal(0, provider.CallsStarted);
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task With_a_synchronization_context_both_calls_are_refused()
    {
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await WaysOut.StartAsync(provider);
        var legacy = new LegacyAgent(runtime.Agents["writer", "1"]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => OnOwnThread(() => legacy.Run("Hi"), new()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => OnOwnThread(() => legacy.StreamSync("Hi"), new()));
        Assert.Equal(0, provider.CallsStarted);
    }

    private static Task<T> OnOwnThread<T>(Func<T> work, SynchronizationContext? context = null)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            try { done.SetResult(work()); }
            catch (Exception exception) { done.SetException(exception); }
        }) { IsBackground = true }.Start();
        return done.Task;
    }

    private sealed class Caller : ReceiveActor
    {
        public Caller() => Receive<Action>(call =>
        {
            try { call(); Sender.Tell("allowed"); }
            catch (InvalidOperationException refusal) { Sender.Tell(refusal.Message); }
        });
    }
}
