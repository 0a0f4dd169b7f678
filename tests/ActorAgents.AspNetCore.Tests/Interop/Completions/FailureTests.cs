using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class FailureTests
{
    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task A_model_that_is_no_kind_of_agent_is_not_found(string client, bool streams)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Stream: streams, Model: "nobody"));
        var problem = (await hearing.RestAsync()).Problem();

        Assert.Equal((404, "model_not_found"), (problem.Status, problem.Code));
        Assert.Contains("nobody", problem.Message);
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task A_parameter_that_is_wrong_is_named(string client, bool streams)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Stream: streams, Effort: "wild"));
        var problem = (await hearing.RestAsync()).Problem();

        Assert.Equal(400, problem.Status);
        Assert.Contains(problem.Param, new[] { "reasoning_effort", "reasoning.effort" });
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task A_limit_tells_when_to_come_again(string client, bool streams)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.RateLimited(TimeSpan.FromSeconds(7))), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Stream: streams));
        var problem = (await hearing.RestAsync()).Problem();

        Assert.Equal((429, "7"), (problem.Status, problem.RetryAfter));
    }

    [Theory, NodeClients, DotNetClients]
    public async Task A_client_that_repeats_requests_by_itself_repeats_a_limited_one(string client)
    {
        var provider = new ScriptedProvider(Script.RateLimited(TimeSpan.FromSeconds(1)), "Thank you for waiting.");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { Retries = 0 }));

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Retries: 2));

        Assert.Equal("Thank you for waiting.", (await hearing.AnswerAsync()).Text());
        Assert.Equal(2, provider.CallsStarted);
    }

    [Theory, NodeClients, DotNetClients]
    public async Task A_request_that_would_fail_again_is_not_repeated(string client)
    {
        var provider = new ScriptedProvider(Script.Fails(400, "The request has no sense."));
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Retries: 2));
        var problem = (await hearing.RestAsync()).Problem();

        Assert.Equal(400, problem.Status);
        Assert.Contains("The request has no sense.", problem.Message);
        Assert.Equal(1, provider.CallsStarted);
    }

    [Theory, NodeClients, DotNetClients]
    public async Task An_answer_that_breaks_off_is_an_exception_after_what_was_said(string name)
    {
        var client = OfficialClient.Of(name);
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon").Fails(503, "Overloaded.")));

        await using var hearing = client.Start(server, new Call());
        var answer = await hearing.RestAsync();

        Assert.Equal("Once upon", answer.Text());
        Assert.DoesNotContain(answer, said => said.Reason is not null);
        var problem = answer.Problem();
        if (client.ReadsErrorsInStreams) Assert.Contains("Overloaded.", problem.Message);
    }

    [Theory, NodeClients, DotNetClients]
    public async Task A_connection_that_is_cut_is_an_exception_and_stops_the_turn(string client)
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall());
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await using var proxy = new MarkedProxy(server.Address, new Mark("upon", Cuts: true));

        await using var hearing = OfficialClient.Of(client).Start(proxy.Address, new Call());
        var answer = await hearing.RestAsync();

        Assert.Equal("Once ", answer.Text());
        Assert.NotEmpty(answer.Problem().Name);
        await Probe.OneAborted.ComesAsync(server, provider);
    }
}
