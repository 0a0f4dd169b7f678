using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class AbortTests
{
    [Theory, NodeClients, DotNetClients]
    public async Task Aborting_in_mid_stream_stops_the_turn_and_its_provider(string client)
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await using var hearing = OfficialClient.Of(client).Start(server, new Call());
        while ((await hearing.NextAsync()).Text is not "Once ") { }
        await gate.ReachedAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));

        await hearing.AbortAsync();

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.DoesNotContain(await hearing.RestAsync(), said => said.Text is "upon");
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task Aborting_before_the_first_token_stops_the_turn_and_its_provider(string client, bool streams)
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("Once"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Stream: streams));
        await gate.ReachedAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));

        await hearing.AbortAsync();

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.DoesNotContain(await hearing.RestAsync(), said => said.Text is "Once");
    }
}
