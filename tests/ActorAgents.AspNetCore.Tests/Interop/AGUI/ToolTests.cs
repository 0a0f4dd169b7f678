using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

public sealed class ToolTests
{
    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task The_clients_tool_runs_at_the_client_and_its_result_comes_with_the_next_run(bool inPieces)
    {
        var call = inPieces ? Script.CallInPieces("get_weather", """{"city":"Riga"}""", callId: "c1") : Script.Call("get_weather", new { city = "Riga" }, "c1");
        var provider = new ScriptedProvider(call, Script.Text("Riga has ", "18 degrees."));
        await using var server = await AgentServer.StartAsync(provider);

        using var client = Client.Start(server, new Run("hello", Tools: true));
        var shown = await client.CleanRestAsync();

        Assert.Equal("Riga", Assert.Single(shown, line => line.Call is not null).Call!.Arguments["city"]);
        Assert.Equal(["c1"], shown.Of("RUN_FINISHED")[0].GetProperty("outcome").GetProperty("pendingToolCallIds").EnumerateArray().Select(id => id.GetString()));
        Assert.Empty(shown.Of("TOOL_CALL_RESULT"));
        Assert.Equal(["success", "success"], shown.Outcomes());
        Assert.Equal(["user: hello", """assistant: [get_weather {"city":"Riga"}]""", "tool: 18 <c1>", "assistant: Riga has 18 degrees."], shown.Conversation());
        AssertSentBack(provider.Requests[1], ("c1", "18"));
    }

    [InteropFact]
    public async Task Tools_of_both_sides_may_be_called_in_one_answer()
    {
        var look = new ScriptedTool("look", _ => "seen");
        var provider = new ScriptedProvider(Script.Call("look", callId: "c1").Call("get_weather", new { city = "Riga" }, "c2").Call("get_weather", new { city = "Oslo" }, "c3"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look));

        using var client = Client.Start(server, new Run("hello", Tools: true));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["Riga", "Oslo"], shown.Where(line => line.Call is not null).Select(line => line.Call!.Arguments["city"]));
        Assert.Equal(["c1"], shown.Of("TOOL_CALL_RESULT").Select(e => e.Text("toolCallId")));
        Assert.Equal(
            ["user: hello", """assistant: [look {}] [get_weather {"city":"Riga"}] [get_weather {"city":"Oslo"}]""", "tool: seen <c1>", "tool: 18 <c2>", "tool: 18 <c3>", "assistant: Done."],
            shown.Conversation());
        AssertSentBack(provider.Requests[1], ("c1", "seen"), ("c2", "18"), ("c3", "18"));
        Assert.Empty(shown.Of("MESSAGES_SNAPSHOT"));
    }

    [InteropFact]
    public async Task Calls_of_one_id_are_told_apart()
    {
        var look = new ScriptedTool("look", call => $"seen {call.Arguments["at"]}");
        var provider = new ScriptedProvider(
            Script.Call("look", new { at = "a" }, "c"), Script.CallInPieces("look", """{"at":"b"}""", callId: "c"), Script.Call("get_weather", new { city = "Riga" }, "c"), Script.Text("Done."),
            Script.Call("get_weather", new { city = "Oslo" }, "c"), Script.Text("Again."), Script.Text("Bye."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look));

        using var client = Client.Start(server, new Run("hello", Tools: true), new Run("again", Tools: true), new Run("bye", Forgets: true));
        var shown = await client.CleanRestAsync();

        string[] conversation =
        [
            "user: hello", """assistant: [look {"at":"a"}]""", "tool: seen a <c>", """assistant: [look {"at":"b"}]""", "tool: seen b <c_2>", """assistant: [get_weather {"city":"Riga"}]""", "tool: 18 <c_3>",
            "assistant: Done.", "user: again", """assistant: [get_weather {"city":"Oslo"}]""", "tool: 18 <c~2>", "assistant: Again.",
        ];
        Assert.Equal(conversation, shown.Take(shown.FindLastIndex(line => line.Type == "RUN_STARTED")).Conversation());
        Assert.Equal([.. conversation, "user: bye", "assistant: Bye."], shown.Conversation());
        AssertSentBack(provider.Requests[5], ("c", "seen a"), ("c_2", "seen b"), ("c_3", "18"), ("c", "18"));
    }

    private static void AssertSentBack(RecordedRequest request, params (string Id, string Result)[] results) =>
        Assert.Equal(results, request.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => (result.CallId, result.Result?.ToString()!)));
}
