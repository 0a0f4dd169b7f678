using System.Net;
using System.Text.Json;
using ActorAgents.Testing;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.AspNetCore.Tests.Native;

public sealed class InterruptTests
{
    private const string Turns = "/agents/assistant/1/turns";

    private static object Hello(string turnId, bool detached = false) => new { input = "hello", turnId, mode = detached ? "detached" : "attached" };

    private static (bool, string?, string?) Of(JsonElement answer) =>
        (answer.GetProperty("interrupted").GetBoolean(), answer.GetProperty("state").GetString(), answer.GetProperty("partial").GetString());

    private static Task<JsonElement> InterruptAsync(AgentServer server, string turn, HttpStatusCode status = HttpStatusCode.OK) =>
        AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Turns}/{turn}"), status);

    [Theory, Trait("Behaviour", "P02")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_has_exactly_what_the_reader_got_however_soon_it_is_asked(bool yields)
    {
        var script = Script.Text("Once ", "upon ", "a ", "time ").Stall();
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(yields ? script.YieldBetween() : script, keepRequests: false));
        for (var i = 0; i < 200; i++)
        {
            var (turn, detached) = ($"t{i}", i % 2 == 0);
            await using var stream = await server.StreamAsync($"/agents/assistant/{i}/turns", Hello(turn, detached));
            await stream.NextAsync("text");

            var answer = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/agents/assistant/{i}/turns/{turn}"));

            var end = await stream.NextAsync("interrupted");
            Assert.Equal((true, "interrupted", end.Text("partial")), Of(answer));
            Assert.StartsWith("Once ", end.Text("partial"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_that_has_ended_answers_how_and_is_not_interrupted_again(bool detached)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Hi."), Script.Text("Once ").Stall(), Script.Fails(400)));
        await using (var first = await server.StreamAsync(Turns, Hello("t1", detached))) await first.NextAsync("completed");
        await using var second = await server.StreamAsync(Turns, Hello("t2", detached));
        await second.NextAsync("text");

        Assert.Equal((false, "completed", "Hi."), Of(await InterruptAsync(server, "t1")));
        Assert.Equal((true, "interrupted", "Once "), Of(await InterruptAsync(server, "t2")));
        Assert.Equal((false, "interrupted", "Once "), Of(await InterruptAsync(server, "t2")));
        await second.NextAsync("interrupted");
        await using (var third = await server.StreamAsync(Turns, Hello("t3", detached))) await third.NextAsync("failed");
        Assert.Equal((false, "failed", ""), Of(await InterruptAsync(server, "t3")));
        await InterruptAsync(server, "never", HttpStatusCode.NotFound);
        Assert.Equal(1, server.Agents.Status.Agents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_that_waits_in_the_queue_is_interrupted_with_nothing_said(bool detached)
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall());
        await using var server = await AgentServer.StartAsync(provider);
        await using var running = await server.StreamAsync(Turns, Hello("t1"));
        await running.NextAsync("text");
        var waiting = server.PostAsync(Turns, Hello("t2", detached), ("Accept", detached ? "application/json" : "text/event-stream"));
        if (detached) (await waiting).Dispose();
        else await QueuedAsync(server, "t2");

        Assert.Equal((true, "interrupted", ""), Of(await InterruptAsync(server, "t2")));
        if (!detached) Assert.Equal(HttpStatusCode.Conflict, (await waiting).StatusCode);
        Assert.Equal((true, "interrupted", "Once "), Of(await InterruptAsync(server, "t1")));
        Assert.Equal(1, provider.CallsStarted);
    }

    [Fact]
    public async Task After_the_step_the_running_tools_may_finish_and_no_request_follows()
    {
        var tool = new ScriptedTool("look", _ => "seen").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Text("Let me look. ").Call("look"), Script.Text("Never said."));
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", provider).AddTool("look", tool).AddAgent("assistant", a => a.WithTool("look")));
        await using var stream = await server.StreamAsync(Turns, Hello("t1"));
        await stream.NextAsync("tool-started");
        await gate.ReachedAsync();

        var answer = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Turns}/t1?mode=after-step"), HttpStatusCode.Accepted);
        gate.Open();

        Assert.True(answer.GetProperty("interrupted").GetBoolean());
        Assert.Equal("seen", (await stream.NextAsync("tool-finished")).Text("result"));
        Assert.Equal("Let me look. ", (await stream.NextAsync("interrupted")).Text("partial"));
        Assert.Equal(1, provider.CallsStarted);
    }

    [Fact]
    public async Task A_provider_that_blocks_is_answered_for_as_running()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var provider = new ScriptedProvider(Script.Text("Once ").BlockSynchronously(out var gate));
        await using var server = await AgentServer.StartAsync(provider, services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(services, time));
        await AgentServer.JsonAsync(server.PostAsync(Turns, Hello("t1", detached: true)), HttpStatusCode.Accepted);
        await gate.ReachedAsync();

        var asked = AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Turns}/t1"), HttpStatusCode.Accepted);
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal("running", (await asked).GetProperty("state").GetString());
        gate.Open();
    }

    [Fact]
    public async Task A_hundred_who_gave_up_on_a_stuck_turn_leave_nothing_in_the_actor_system()
    {
        var time = new FakeTimeProvider();
        var provider = new ScriptedProvider(Script.Text("Once ").BlockSynchronously(out var gate));
        await using var server = await AgentServer.StartAsync(provider, services: services => services.AddSingleton<TimeProvider>(time));
        await AgentServer.JsonAsync(server.PostAsync(Turns, Hello("t1", detached: true)), HttpStatusCode.Accepted);
        await gate.ReachedAsync();

        var asked = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => InterruptAsync(server, "t1", HttpStatusCode.Accepted)));
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.All(await asked, answer => Assert.Equal("running", answer.GetProperty("state").GetString()));
        var temporary = ((ExtendedActorSystem)server.Services.GetRequiredService<ActorSystem>()).Provider.TempContainer;
        await Task.Run(async () => { while (IsAsked()) await Task.Yield(); }).WaitAsync(TimeSpan.FromSeconds(30)); // A question's actor goes just after its answer.
        gate.Open();

        bool IsAsked() => (bool)temporary.GetType().GetProperty("HasChildren")!.GetValue(temporary)!;
    }

    [Fact]
    public async Task An_answer_to_an_approval_of_another_turn_is_not_taken()
    {
        var provider = new ScriptedProvider(Script.Text("Hi."), Script.Call("send"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("send", new Microsoft.Extensions.AI.ApprovalRequiredAIFunction(new ScriptedTool("send"))).AddAgent("assistant", a => a.WithTool("send")));
        await AgentServer.JsonAsync(server.PostAsync(Turns, Hello("t1")));
        await using var stream = await server.StreamAsync(Turns, Hello("t2"));
        var answer = new { requestId = (await stream.NextAsync("approval")).Text("requestId"), approved = true };

        await AgentServer.JsonAsync(server.PostAsync($"{Turns}/never/approvals", answer), HttpStatusCode.NotFound);
        await AgentServer.JsonAsync(server.PostAsync($"{Turns}/t1/approvals", answer), HttpStatusCode.NotFound);
        await AgentServer.JsonAsync(server.PostAsync($"{Turns}/t2/approvals", answer), HttpStatusCode.NoContent);

        await stream.NextAsync("completed");
        await AgentServer.JsonAsync(server.PostAsync($"{Turns}/t2/approvals", answer), HttpStatusCode.NotFound);
    }

    /// <summary>Waits until the agent knows the turn: the same id is refused as a duplicate then.</summary>
    private static async Task QueuedAsync(AgentServer server, string turn)
    {
        while (true)
        {
            using var response = await server.PostAsync(Turns, new { input = "hello", turnId = turn, onBusy = "reject" });
            if (response.StatusCode == HttpStatusCode.Conflict) return;
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        }
    }
}
