using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class AbortTests
{
    [Theory, NodeClients, DotNetClients]
    public async Task Aborting_in_mid_stream_stops_the_turn_and_its_provider(string client)
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        await using var hearing = OfficialClient.Of(client).Start(server, new Call());
        while ((await hearing.NextAsync()).Text is not "Once ") { }
        await gate.ReachedAsync();
        Assert.Equal((1, 1), (server.Agents.Status.LiveTurns, provider.InFlight));

        await hearing.AbortAsync();

        await server.QuietAsync(provider);
        Assert.DoesNotContain(await hearing.RestAsync(), said => said.Text is "upon");
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task Aborting_before_the_first_token_stops_the_turn_and_its_provider(string client, bool streams)
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("Once"));
        await using var server = await AgentServer.StartAsync(provider);
        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Stream: streams));
        await gate.ReachedAsync();
        Assert.Equal((1, 1), (server.Agents.Status.LiveTurns, provider.InFlight));

        await hearing.AbortAsync();

        await server.QuietAsync(provider);
        Assert.DoesNotContain(await hearing.RestAsync(), said => said.Text is "Once");
    }
}
