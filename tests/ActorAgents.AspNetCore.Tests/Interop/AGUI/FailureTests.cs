using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

public sealed class FailureTests
{
    [InteropFact]
    public async Task A_failure_before_anything_was_said_is_a_status_with_problem_details()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.RateLimited(TimeSpan.FromSeconds(7)), "Hi."), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        using var client = Client.Start(server, new Run("hello"), new Run());
        var shown = await client.RestAsync();

        var problem = Assert.Single(shown, line => line.Error is not null).Error!;
        Assert.Equal(429, problem.Status);
        Assert.Contains("\"code\":\"rate_limited\"", problem.Message);
        Assert.Equal(["user: hello", "assistant: Hi."], shown.Conversation());
    }

    [InteropFact]
    public async Task An_answer_that_breaks_off_ends_with_an_error_after_what_was_said()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon").Fails(503, "Overloaded."), "Again."));

        using var client = Client.Start(server, new Run("hello"), new Run("again"));
        var shown = await client.RestAsync();

        var error = Assert.Single(shown.Of("RUN_ERROR"));
        Assert.Equal(("Overloaded.", "provider_truncated"), (error.Text("message"), error.Text("code")));
        Assert.Equal(["success"], shown.Outcomes());
        Assert.DoesNotContain(shown, line => line.Warning is not null || line.Error is not null);
        Assert.Equal(["user: hello", "assistant: Once upon", "user: again", "assistant: Again."], shown.Conversation());
    }

    [InteropFact]
    public async Task A_kind_that_is_not_served_is_not_found()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("writer"));

        using var client = Client.Start(server, new Run("hello"));

        var problem = (await client.RestAsync()).Single(line => line.Error is not null).Error!;
        Assert.Equal(404, problem.Status);
        Assert.Contains("unknown_agent", problem.Message);
    }

    [InteropTheory, InlineData(false), InlineData(true)]
    public async Task Aborting_stops_the_turn_and_its_provider(bool beforeTheFirstToken)
    {
        var provider = new ScriptedProvider(beforeTheFirstToken ? Script.Stall(out var gate).Text("upon") : Script.Text("Once ").Stall(out gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var client = Client.Start(server, new Run("hello"));
        if (!beforeTheFirstToken) await client.UntilAsync("TEXT_MESSAGE_CONTENT");
        await gate.ReachedAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));

        client.Abort();

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.DoesNotContain("upon", (await client.RestAsync()).Joined("TEXT_MESSAGE_CONTENT"));
    }

    [InteropFact]
    public async Task A_turn_that_is_stopped_at_the_server_is_a_cancelled_run_with_all_closed()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Piece("c1", "look", 0, """{"at":""").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look")));
        using var client = Client.Start(server, new Run("hello"));
        await client.UntilAsync("TOOL_CALL_ARGS");
        await gate.ReachedAsync();
        var agent = server.Agents["assistant", "t1"];

        await agent.InterruptAsync((await agent.GetMessagesAsync())[^1].GetTurn()!.Value);

        var shown = await client.CleanRestAsync();
        Assert.Equal(["TOOL_CALL_END", "RUN_FINISHED"], shown.Types().Except(["STEP_FINISHED"]));
        Assert.Equal(["cancelled"], shown.Outcomes());
    }

    [InteropFact]
    public async Task A_connection_that_is_cut_is_an_exception_and_stops_the_turn()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall());
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await using var proxy = new MarkedProxy(server.Address, new Mark("upon", Cuts: true));

        using var client = Client.Start(proxy.Address, null, new Run("hello"));
        var shown = await client.RestAsync();

        Assert.Equal("Once ", shown.Joined("TEXT_MESSAGE_CONTENT"));
        Assert.Single(shown, line => line.Error is not null);
        await Probe.OneAborted.ComesAsync(server, provider);
    }
}
