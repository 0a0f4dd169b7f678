using System.Net;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.EventSource;

public sealed class ResumeTests
{
    private const string Events = "/agents/assistant/1/turns/t1/events";

    private static readonly object Detached = new { input = "hello", mode = "detached", turnId = "t1" };

    [InteropFact]
    public async Task A_source_that_loses_its_connection_in_mid_event_gets_every_event_once_and_stays_away_after_the_last()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon ", "a ", "time").Usage(3, 4)));
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", Detached), HttpStatusCode.Accepted);
        Mark[] cuts = [new("\"upon", Cuts: true), new("id: t1:1:5", Cuts: true)];
        await using var proxy = new MarkedProxy(server.Address, cuts);

        using var source = Source.Open(proxy.Address, Events);
        var notices = await source.RestAsync();

        var events = notices.Where(notice => notice.Event is not null).ToList();
        Assert.Equal(["started", "text", "text", "text", "text", "step", "completed"], events.Select(notice => notice.Event));
        Assert.Equal(Enumerable.Range(1, 7).Select(seq => $"t1:1:{seq}"), events.Select(notice => notice.Id));
        Assert.Equal("Once upon a time", JsonDocument.Parse(events[^1].Data!).RootElement.GetProperty("text").GetString());
        Assert.All(cuts, cut => Assert.True(cut.HasReached));
        Assert.Equal(204, notices[^1].Closed);
        Assert.Equal(3, notices.Count(notice => notice.Opened));
        Assert.Equal(3, notices.Count(notice => notice.Lost)); // The third is the server's end of the stream.
    }

    [InteropFact, Trait("Behaviour", "T86")]
    public async Task A_turn_that_is_started_detached_goes_on_when_its_source_closes()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", Detached), HttpStatusCode.Accepted);
        using var source = Source.Open(server.Address, Events);
        await source.UntilAsync("text");
        await gate.ReachedAsync();

        source.Close();
        await source.RestAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));
        gate.Release();

        using var other = Source.Open(server.Address, Events);
        Assert.Equal(["started", "text", "text", "step", "completed"], (await other.UntilAsync("completed")).Where(notice => !notice.Opened).Select(notice => notice.Event));
        await Probe.OneCompleted.ComesAsync(server, provider);
    }

    [InteropFact]
    public async Task Thoughts_and_tools_are_events_of_their_own()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm.").Call("look_up"), Script.Text("It is 42."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42")));
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", Detached), HttpStatusCode.Accepted);

        using var source = Source.Open(server.Address, Events);
        var events = (await source.UntilAsync("completed")).Select(notice => notice.Event).Where(name => name is not null and not "step");

        Assert.Equal(["started", "reasoning", "tool-started", "tool-finished", "text", "completed"], events);
    }

    [InteropFact]
    public async Task A_turn_that_fails_says_so_before_its_source_is_sent_away()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Fails(503)));
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", Detached), HttpStatusCode.Accepted);

        using var source = Source.Open(server.Address, Events);
        var notices = await source.RestAsync();

        Assert.Equal("failed", notices.Last(notice => notice.Event is not null).Event);
        Assert.Equal(204, notices[^1].Closed);
    }

    [InteropFact]
    public async Task A_turn_that_does_not_exist_is_not_asked_for_again()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        using var source = Source.Open(server.Address, Events);

        Assert.Equal(404, Assert.Single(await source.RestAsync()).Closed);
    }
}
