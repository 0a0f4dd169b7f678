using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.AspNetCore.Tests.Responses;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.Responses;

/// <summary>What only OpenAI's client for Node does with responses; the rest is told with those of chat completions.</summary>
public sealed class NodeTests
{
    [InteropTheory, InlineData("attached"), InlineData("background")]
    public async Task The_stream_helper_accepts_every_event_and_ends_with_the_whole_response(string mode)
    {
        var provider = new ScriptedProvider(
            Script.Reason("Hm.").Text("Let me see. ").Call("look_up"), Script.Text("Now.").CallInPieces("get_weather", """{"city":"Riga"}""").CallInPieces("get_weather", """{"city":"Oslo"}""", index: 1).Usage(3, 4));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42")));

        var response = await OneAsync(server, new { task = "helper", prompt = "go", more = new { background = mode == "background", tools = Asked.Weather } });

        Assert.Equal("completed", response.Text("status"));
        Assert.Equal("Let me see. Now.", response.Text("output_text"));
        Assert.Equal(
            ["reasoning completed: Hm.", "message completed: Let me see. ", "message completed: Now.", "function_call completed: get_weather({\"city\":\"Riga\"})", "function_call completed: get_weather({\"city\":\"Oslo\"})"],
            response.Output());
    }

    [InteropFact]
    public async Task An_answer_of_a_given_form_is_parsed()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("""{"city":"Riga"}"""));

        var said = Assert.Single(await AllAsync(server, new { task = "parse", prompt = "go" }));

        Assert.Equal("Riga", said.GetProperty("parsed").Text("city"));
    }

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task A_response_goes_on_from_another(bool stream)
    {
        var provider = new ScriptedProvider("Hi.", "Hi again.");
        await using var server = await AgentServer.StartAsync(provider);
        var first = await OneAsync(server, new { task = "create", prompt = "hello" });

        await AllAsync(server, new { task = "ask", prompt = "and now?", stream, more = new { previous_response_id = first.Id() } });

        Assert.Equal(["user: hello", "assistant: Hi.", "user: and now?"], provider.Requests[1].Lines());
    }

    [InteropFact]
    public async Task What_cannot_be_gone_on_from_is_the_clients_exception()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = Assert.Single(await AllAsync(server, new { task = "create", prompt = "hello", more = new { previous_response_id = "resp_nothing" } })).GetProperty("error");

        Assert.Equal(("BadRequestError", 400, "previous_response_not_found", "previous_response_id"), (error.Text("name"), error.GetProperty("status").GetInt32(), error.Text("code"), error.Text("param")));
    }

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task A_background_response_is_polled_to_its_end(bool cancels)
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var asked = await OneAsync(server, new { task = "create", prompt = "go", more = new { background = true } });
        await gate.ReachedAsync();

        if (cancels) await OneAsync(server, new { task = "cancel", id = asked.Id() });
        else gate.Open();
        var ended = await OneAsync(server, new { task = "poll", id = asked.Id() });

        Assert.Equal(cancels ? ("cancelled", "Once ") : ("completed", "Once upon"), (ended.Text("status"), ended.Text("output_text")));
        await (cancels ? Probe.OneAborted : Probe.OneCompleted).ComesAsync(server, provider);
    }

    [InteropTheory, InlineData("resume"), InlineData("replay")]
    public async Task A_stream_that_was_left_is_resumed_after_the_last_event(string task)
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var seen = (await AllAsync(server, new { task = "create", prompt = "go", more = new { background = true, stream = true }, until = "response.output_text.delta" })).ConvertAll(said => said.GetProperty("event"));
        var (id, last) = (seen[0].GetProperty("response").Id(), seen[^1].GetProperty("sequence_number").GetInt32());
        await gate.ReachedAsync();
        Assert.Equal(Probe.OneActive, await Probe.OfAsync(server));

        gate.Open();
        var rest = await AllAsync(server, new { task, id, after = last });

        if (task == "replay") Assert.Equal("Once upon", rest[0].GetProperty("response").Text("output_text"));
        else Assert.Equal(Enumerable.Range(last + 1, rest.Count), rest.Select(said => said.GetProperty("event").GetProperty("sequence_number").GetInt32()));
    }

    [InteropFact]
    public async Task A_response_can_be_had_again_and_deleted()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Hi.").Usage(3, 4)));
        var asked = await OneAsync(server, new { task = "create", prompt = "hello" });
        Assert.Equal(7, asked.GetProperty("usage").GetProperty("total_tokens").GetInt32());

        var again = await OneAsync(server, new { task = "retrieve", id = asked.Id() });
        var deleted = Assert.Single(await AllAsync(server, new { task = "delete", id = asked.Id() })).GetProperty("deleted");
        var error = Assert.Single(await AllAsync(server, new { task = "retrieve", id = asked.Id() })).GetProperty("error");

        Assert.Equal(asked.GetProperty("output").ToString(), again.GetProperty("output").ToString());
        Assert.True(deleted.GetProperty("deleted").GetBoolean());
        Assert.Equal("NotFoundError", error.Text("name"));
    }

    private static async Task<JsonElement> OneAsync(AgentServer server, object call)
    {
        var said = Assert.Single(await AllAsync(server, call));
        return said.TryGetProperty("response", out var response) ? response : throw new InvalidOperationException($"The client said {said}");
    }

    private static async Task<List<JsonElement>> AllAsync(AgentServer server, object call)
    {
        using var script = NodeScript.Start("responses", server.Address, call);
        var all = new List<JsonElement>();
        while (await script.NextAsync() is { } said) all.Add(said);
        return all;
    }
}
