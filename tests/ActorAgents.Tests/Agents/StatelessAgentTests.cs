using ActorAgents.Testing;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Agents;

public sealed class StatelessAgentTests
{
    private static readonly ChatMessage[] Messages = [new(ChatRole.User, "one?"), new(ChatRole.Assistant, "One."), new(ChatRole.User, "two?")];

    [Fact]
    public async Task Each_enumeration_is_a_turn_from_exactly_the_messages_given()
    {
        var provider = ScriptedProvider.Always(Script.Text("Two", "."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithInstructions("Be brief."));
        var events = runtime.Agents.Stateless("writer").EventsAsync(Messages);

        var first = await events.Probe().ReadAllAsync();
        var second = await events.Probe().ReadAllAsync();

        Assert.Equal("Two.", Assert.IsType<TurnCompleted>(first[^1]).Text);
        Assert.IsType<TurnStarted>(first[0]);
        Assert.NotEqual(first[0].Turn, second[0].Turn);
        Assert.All(provider.Requests, request =>
            Assert.Equal(["system: Be brief.", "user: one?", "assistant: One.", "user: two?"], request.Messages.Lines()));
    }

    [Fact]
    public async Task Failures_are_events_of_an_enumeration_and_exceptions_of_a_run()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("Hel").Fails(400)));
        var agents = runtime.Agents.Stateless("writer");

        var failed = Assert.IsType<TurnFailed>((await agents.EventsAsync(Messages).Probe().ReadAllAsync())[^1]);
        var thrown = await Assert.ThrowsAsync<ProviderException>(() => agents.RunAsync(Messages));

        Assert.Equal((TurnErrorKind.InvalidRequest, "Hel"), (failed.Error.Kind, failed.Partial));
        Assert.Equal((TurnErrorKind.InvalidRequest, "Hel"), (thrown.Kind, thrown.PartialResponse));
    }

    [Fact]
    public async Task The_options_of_a_call_hold_for_its_turn()
    {
        var provider = ScriptedProvider.Always("Two.");
        await using var runtime = await WaysOut.StartAsync(provider);
        var options = new TurnOptions { TurnId = new TurnId("t1"), Chat = new() { Temperature = 0.5f } };

        var response = await runtime.Agents.Stateless("writer").RunAsync(Messages, options);

        Assert.Equal(("Two.", "t1", 0.5f), (response.Content, response.TurnId.Value, provider.Requests[0].Options!.Temperature));
    }

    [Fact]
    public async Task Either_token_interrupts_the_turn()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Stall(out var first), Script.Text("Hel").Stall(out var second)));
        using var ofCall = new CancellationTokenSource();
        using var ofReading = new CancellationTokenSource();
        var call = runtime.Agents.Stateless("writer").EventsAsync(Messages, cancellationToken: ofCall.Token);

        Assert.Equal(InterruptReason.Caller, await StopAsync(call, first, ofCall));
        Assert.Equal(InterruptReason.Caller, await StopAsync(runtime.Agents.Stateless("writer").EventsAsync(Messages), second, ofReading));

        static async Task<InterruptReason> StopAsync(IAsyncEnumerable<TurnEvent> events, Gate silent, CancellationTokenSource stop)
        {
            var end = Task.Run(async () => { await foreach (var next in events.WithCancellation(stop.Token)) if (next is TurnInterrupted end) return end; return null; });
            await silent.ReachedAsync();
            await stop.CancelAsync();
            return (await end.WaitAsync(TimeSpan.FromSeconds(30)))!.Reason;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task Its_agent_is_gone_however_the_turn_ended(string how)
    {
        var provider = new ScriptedProvider(how == "failed" ? Script.Text("Hel").Stall(out var silent).Fails(400) : Script.Text("Hel").Stall(out silent).Text("lo"));
        await using var runtime = await WaysOut.StartAsync(provider);
        using var stop = new CancellationTokenSource();
        var events = runtime.Agents.Stateless("writer").EventsAsync(Messages, cancellationToken: stop.Token);
        await using var turn = events.GetAsyncEnumerator();
        while (await turn.MoveNextAsync() && turn.Current is not TextDelta) { }
        var actor = await runtime.System.ActorSelection("/user/agents/*/default:writer:*").ResolveOne(TimeSpan.FromSeconds(30));

        var next = how == "left" ? null : turn.MoveNextAsync().AsTask();
        if (next is not null) await silent.ReachedAsync();
        switch (how)
        {
            case "left": await turn.DisposeAsync(); break;
            case "interrupted": await stop.CancelAsync(); break;
            case "halted": await runtime.Agents.HaltAsync(HaltScope.Cluster, "stop"); break;
            default: silent.Open(); break;
        }
        if (next is not null)
            while (await next && turn.Current is not TerminalEvent) next = turn.MoveNextAsync().AsTask();

        Assert.True(await actor.WatchAsync());
        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    public static TheoryData<string> Ends => ["completed", "failed", "interrupted", "halted", "left"];

    [Fact]
    public async Task The_agent_of_a_refused_turn_is_gone_too()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());
        await runtime.Agents.HaltAsync(HaltScope.Cluster, "stop");

        await Assert.ThrowsAsync<AgentHaltedException>(() => runtime.Agents.Stateless("writer").RunAsync(Messages));

        await GoneAsync(runtime);
    }

    [Fact]
    public async Task What_nobody_reads_starts_no_agent()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());
        var events = runtime.Agents.Stateless("writer").EventsAsync(Messages);

        await using (events.GetAsyncEnumerator()) { }

        await GoneAsync(runtime);
    }

    [Fact]
    public async Task Calls_without_content_are_refused_before_anything_starts()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());

        Assert.Throws<ArgumentException>(() => runtime.Agents.Stateless("writer").EventsAsync([]));
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Agents.Stateless("writer").RunAsync([]));
    }

    /// <summary>An agent's last steps are nobody's to await.</summary>
    private static async Task GoneAsync(AgentRuntime runtime)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (runtime.Agents.Status.Agents > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
