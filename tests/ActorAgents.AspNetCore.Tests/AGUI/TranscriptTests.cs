using System.Text;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.AGUI;

public sealed class TranscriptTests
{
    private const string Turn = "01890000000070008000000000000000";

    [Fact]
    public async Task A_turn_with_everything_in_it_is_written_as_it_was()
    {
        var provider = new ScriptedProvider(
            Script.Reason("Let me ", "think.").Text("I look ", "it up. ").CallInPieces("look_up", """{"word":"zażółć","times":2}""", callId: "call_1").Usage(11, 7),
            Script.Text("It is ", "\"42\"\n😀.").Usage(20, 5));
        var gate = new Gate();
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42", "word", "times").Holds(gate)));

        using var response = await server.PostAsync("/ag-ui/assistant", """
            {"threadId":"thread","runId":"run","parentRunId":"parent","protocolVersion":"1.0","state":{"a":1},"forwardedProps":{},
             "messages":[{"id":"m1","role":"user","content":"hello"}],"tools":[],"context":[]}
            """);
        var body = new StringBuilder();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            body.Append(line).Append('\n');
            if (line.Contains("STEP_FINISHED", StringComparison.Ordinal)) gate.Open(); // Else the result might come before.
        }

        var golden = Path.Combine(Installation.Folder, "..", "ActorAgents.AspNetCore.Tests", "AGUI", "turn.golden");
        Assert.Equal(await File.ReadAllTextAsync(golden), body.ToString().Replace(Assert.Single(response.Headers.GetValues("X-Turn-Id")), Turn));
    }
}
