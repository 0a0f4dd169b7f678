using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.EventSource;

/// <summary>A bare source on <c>GET /chat?prompt=</c>.</summary>
public sealed class PlainChatTests
{
    private const string Chat = "/chat?prompt=hello";

    [InteropFact, Trait("Behaviour", "T86")]
    public async Task Messages_are_the_text_with_its_line_breaks_and_the_end_is_told()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm.").Text("Once\n", "upon\r\n a", "  zażółć 😀").Call("look_up"), Script.Text("42"));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up")));

        using var source = Source.Open(server.Address, Chat);
        var notices = await source.RestAsync();

        Assert.Equal(["Once\n", "upon\n a", "  zażółć 😀", "42"], notices.Where(notice => notice.Event == "message").Select(notice => notice.Data));
        Assert.Equal((1, 0), (notices.Count(notice => notice.Opened), notices[^1].Closed));
        Assert.Equal("hello", provider.Requests[0].Prompt);
    }

    [InteropFact, Trait("Behaviour", "T86")]
    public async Task An_answer_that_breaks_off_is_an_error_after_what_was_said()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Fails(503, "Overloaded.")));

        using var source = Source.Open(server.Address, Chat);
        var notices = await source.RestAsync();

        Assert.Equal([("message", "Once"), ("error", "Overloaded.")], notices.Where(notice => notice.Event is not null).Select(notice => (notice.Event!, notice.Data!)));
    }

    [InteropTheory]
    [InlineData("/chat", 400)]
    [InlineData("/chat?prompt=hello&agent=nobody", 404)]
    [InlineData(Chat, 429)]
    public async Task A_request_that_is_refused_closes_the_source_with_its_status(string path, int status)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.RateLimited()), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        using var source = Source.Open(server.Address, path);

        Assert.Equal(status, Assert.Single(await source.RestAsync()).Closed);
    }

    [InteropFact, Trait("Behaviour", "T86")]
    public async Task Closing_the_source_stops_the_turn_and_its_provider()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var source = Source.Open(server.Address, Chat);
        await source.UntilAsync("message");
        await gate.ReachedAsync();
        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(server), provider.InFlight));

        source.Close();

        await Probe.OneAborted.ComesAsync(server, provider);
    }
}
