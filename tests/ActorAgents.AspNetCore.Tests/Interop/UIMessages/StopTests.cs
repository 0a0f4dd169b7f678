using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class StopTests
{
    [InteropFact, Trait("Behaviour", "T86")]
    public async Task A_stop_of_the_client_alone_leaves_the_answer_to_go_on()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });
        await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();

        page.Do(new { @do = "stop" });
        Assert.Equal("ready", (await page.UntilAsync("stopped")).GetString());
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));
        gate.Open();

        await Probe.OneCompleted.ComesAsync(server, provider);
        Assert.Equal("Once upon", (await server.Agents["assistant", "ann"].GetMessagesAsync())[1].Text);
    }

    [InteropFact, Trait("Behaviour", "T86")]
    public async Task The_route_that_the_SDK_documents_for_it_stops_the_answer_and_whoever_reads_it_sees_an_abort()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"), Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });
        await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();

        page.Do(new { @do = "ask", method = "POST", path = "api/chat/ann/stop" });
        await page.UntilAsync("idle");

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.Equal(["text-end", "abort", "finish-step", "finish"], page.Types().TakeLast(4));
        Assert.Equal("interrupted", page.Chunks().Last().Of("finishReason"));
        Assert.Equal("Once ", (await page.MessagesAsync())[1].Text());
        Assert.Equal("ready", await page.SendAsync("again"));
        Assert.Equal(["hello", "Once ", "again"], provider.Requests[1].Messages.Select(message => message.Text));
    }

    [InteropTheory, InlineData(true), InlineData(false), Trait("Behaviour", "T86")]
    public async Task A_stop_of_the_client_stops_an_attached_answer(bool midStream)
    {
        var provider = new ScriptedProvider(midStream ? Script.Text("Once ").Stall(out var gate).Text("upon") : Script.Stall(out gate).Text("Once"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var page = ChatPage.Open(server, query: "mode=attached");
        page.Do(new { @do = "send", text = "hello" });
        if (midStream) await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));

        page.Do(new { @do = "stop" });
        await page.UntilAsync("stopped");

        await Probe.OneAborted.ComesAsync(server, provider);
    }

    [InteropFact]
    public async Task A_message_takes_the_place_of_an_answer_that_was_left()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"), Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve, a => a.WithLimits(l => l with { IdleTimeout = TimeSpan.FromMinutes(9) }));
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });
        await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        page.Do(new { @do = "stop" });
        await page.UntilAsync("stopped");

        Assert.Equal("ready", await page.SendAsync("something else"));

        Assert.Equal("Hi.", (await page.MessagesAsync())[^1].Text());
        Assert.Equal(new Probe(0, 1, 1, 0), await Probe.OfAsync(server));
    }

    [Theory]
    [InlineData("POST", "/api/chat/ann/stop")]
    [InlineData("GET", "/api/chat/ann/stream")]
    public async Task Where_nothing_runs_there_is_nothing_to_stop_or_to_resume(string method, string path)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("Hi."));

        using (var before = await server.SendAsync(new(method), path)) Assert.Equal(System.Net.HttpStatusCode.NoContent, before.StatusCode);
        await server.Agents["assistant", "ann"].RunAsync("hello");
        using var after = await server.SendAsync(new(method), path);

        Assert.Equal(System.Net.HttpStatusCode.NoContent, after.StatusCode);
    }
}
