using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Plain;

public sealed class PlainChatTests
{
    [Theory, Trait("Behaviour", "T86")]
    [InlineData("one\ntwo", "one\ntwo")]
    [InlineData("one\r\ntwo\rthree\n", "one\ntwo\nthree\n")]
    [InlineData("  spaces  ", "  spaces  ")]
    [InlineData("zażółć 😀", "zażółć 😀")]
    public async Task Text_comes_as_it_is_with_its_line_breaks_and_an_end(string text, string read)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text(text)));

        await using var stream = await server.FollowAsync("/chat?prompt=hello");
        var frames = await stream.RestAsync();

        Assert.Equal([("message", read), ("end", "")], frames.Select(frame => (frame.Event, frame.Data)));
    }

    [Fact, Trait("Behaviour", "T86")]
    public async Task An_answer_that_breaks_off_ends_with_an_error()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Fails(503)));

        await using var stream = await server.StreamAsync("/chat", new { prompt = "hello" });
        var frames = await stream.RestAsync();

        Assert.Equal(["message", "error"], frames.Select(frame => frame.Event));
    }
}
