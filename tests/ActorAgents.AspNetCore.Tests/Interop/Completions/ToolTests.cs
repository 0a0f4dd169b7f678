using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class ToolTests
{
    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task The_clients_tool_runs_at_the_client_and_its_result_comes_with_the_next_request(string client, bool streams)
    {
        var provider = new ScriptedProvider(Script.Call("get_weather", new { city = "Riga" }, "call_riga"), Script.Text("Riga has ", "18 degrees."));
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of(client).Start(server, new Call("tools", streams));
        var answer = await hearing.AnswerAsync();

        Assert.Equal("Riga has 18 degrees.", answer.Text());
        AssertCalled(answer, "Riga");
        AssertSentBack(provider.Requests[1], ("call_riga", "Riga", "18"));
    }

    [Theory, NodeClients(true), DotNetClients(true)]
    public async Task Two_calls_that_come_in_pieces_are_put_together(string client, bool streams)
    {
        var provider = new ScriptedProvider(
            Script.Text("Let me look.")
                .CallInPieces("get_weather", """{"city":"Riga"}""", callId: "call_riga").CallInPieces("get_weather", """{"city":"Oslo"}""", callId: "call_oslo", index: 1),
            Script.Text("18 in both."));
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of(client).Start(server, new Call("tools", streams));
        var answer = await hearing.AnswerAsync();

        AssertCalled(answer, "Riga", "Oslo");
        AssertSentBack(provider.Requests[1], ("call_riga", "Riga", "18"), ("call_oslo", "Oslo", "18"));
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task The_agents_own_tool_runs_at_the_server_and_the_client_sees_the_answer_only(string client, bool streams)
    {
        var own = new ScriptedTool("look_up", _ => "42");
        var provider = new ScriptedProvider(Script.Text("Let me see. ").Call("look_up"), Script.Text("It is 42."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(own));

        await using var hearing = OfficialClient.Of(client).Start(server, new Call("tools", streams));
        var answer = await hearing.AnswerAsync();

        Assert.EndsWith("It is 42.", answer.Text());
        AssertCalled(answer);
        Assert.Single(own.Calls);
        Assert.Equal(["look_up", "get_weather"], provider.Requests[0].Tools);
    }

    private static void AssertCalled(IEnumerable<Said> answer, params string[] cities) =>
        Assert.Equal(cities, answer.Where(said => said.Call is not null).Select(said => said.Call!.Arguments["city"]));

    private static void AssertSentBack(RecordedRequest request, params (string Id, string City, string Result)[] calls)
    {
        var contents = request.Messages.SelectMany(message => message.Contents).ToList();
        Assert.Equal(calls.Select(call => (call.Id, call.City)), contents.OfType<FunctionCallContent>().Select(call => (call.CallId, call.Arguments!["city"]?.ToString()!)));
        Assert.Equal(calls.Select(call => (call.Id, call.Result)), contents.OfType<FunctionResultContent>().Select(result => (result.CallId, result.Result?.ToString()!)));
    }
}
