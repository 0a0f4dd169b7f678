using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.A2A;

/// <summary>
/// Whole responses as they are kept beside this file; ids that are new each time have a name in their place. So have the places of events: a tool may end
/// before its step does.
/// </summary>
public sealed class TranscriptTests
{
    [Fact]
    public async Task A_stream_is_written_as_it_was()
    {
        var provider = new ScriptedProvider(
            Script.Reason("The user ", "greets.").Text("Let me ", "look.\n").Call("look_up", new { what = "zażółć 😀" }).Usage(10, 5),
            Script.Text("\"Done\".").Content(new DataContent(new byte[] { 1, 2, 3 }, "image/png")).Text(" 😀").Usage(20, 7));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42", "what")));

        using var response = await server.PostCallAsync("SendStreamingMessage", A2AServer.Message("hello"));

        await CompareAsync("stream.golden", response);
    }

    [Fact]
    public async Task A_task_that_asks_is_written_as_it_was()
    {
        var provider = new ScriptedProvider(Script.Text("Sending. ").Call("send", new { to = "zażółć 😀" }));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ApprovalRequiredAIFunction(new ScriptedTool("send", _ => "sent", "to"))));

        using var response = await server.PostCallAsync("SendMessage", A2AServer.Message("hello"));

        await CompareAsync("question.golden", response);
    }

    private static async Task CompareAsync(string name, HttpResponseMessage response, [CallerFilePath] string here = "")
    {
        var written = (await response.Content.ReadAsStringAsync()).Replace(response.Headers.GetValues("X-Turn-Id").Single(), "TURN", StringComparison.Ordinal);
        const string request = "\"requestId\":\"";
        if (written.IndexOf(request, StringComparison.Ordinal) is var at and >= 0)
            written = written[..(at += request.Length)] + "REQUEST" + written[written.IndexOf('"', at)..];
        written = Regex.Replace(written, "TURN-1-[0-9]+-", "TURN-1-SEQ-");
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, name)), written);
    }
}
