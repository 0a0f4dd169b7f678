using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Responses;

public sealed partial class ResponseTests
{
    /// <summary>One turn with thoughts, text, both sorts of tool calls and tokens, as it was when somebody last looked at each line of it.</summary>
    [Fact]
    public async Task A_scripted_turn_gives_the_frames_of_the_transcript()
    {
        var provider = new ScriptedProvider(
            Script.Reason("The user ", "asks.").Text("Let me ", "see. ").Call("look_up", new { word = "Riga" }).Usage(10, 5),
            Script.Text("Now \"Riga\"\n😀.").CallInPieces("get_weather", """{"city":"Riga"}""", callId: "call_riga").CallInPieces("get_weather", """{"city":"Oslo"}""", callId: "call_oslo", index: 1, pieces: 1).Usage(20, 7));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "a city")));

        using var answer = await server.PostAsync("/v1/responses", Asked.Body("hello", ("stream", true), ("tools", Asked.Weather), ("instructions", "Be brief."), ("temperature", 0.5),
            ("max_output_tokens", 100), ("metadata", new { team = "a" }), ("reasoning", new { effort = "low" })));
        var turn = answer.Headers.GetValues("X-Turn-Id").Single();
        var transcript = ResponseName().Replace((await answer.Content.ReadAsStringAsync()).Replace(turn, "TURN"), "resp_1");
        transcript = CreatedAt().Replace(transcript, "\"created_at\":1");

        Assert.Equal(await File.ReadAllTextAsync(Beside("turn.golden")), transcript);
    }

    [Fact]
    public async Task A_whole_response_has_the_items_of_a_streamed_one()
    {
        ChatScript[] scripts = [Script.Reason("Hm.").Text("Let me see. ").Call("look_up"), Script.Reason("So.").Text("It is 42.").Call("get_weather", new { city = "Riga" })];
        await using var server = await AgentServer.StartAsync(new ScriptedProvider([.. scripts, .. scripts]), agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42")));

        var whole = await server.AskAsync("go", ("tools", Asked.Weather));
        await using var stream = await server.StreamResponseAsync("go", ("tools", Asked.Weather));
        var streamed = (await stream.RestAsync())[^1].Json.GetProperty("response");

        Assert.Equal(
            ["reasoning completed: Hm.", "message completed: Let me see. ", "reasoning completed: So.", "message completed: It is 42.", "function_call completed: get_weather({\"city\":\"Riga\"})"], whole.Output());
        Assert.Equal(whole.Output(), streamed.Output());
        Assert.Equal(whole.Output(), (await server.RetrieveAsync(streamed.Id())).Output());
    }

    [Fact]
    public async Task A_failure_before_anything_was_said_is_a_status_with_the_error_body()
    {
        await using var server = await AgentServer.StartAsync(
            ScriptedProvider.Always(Script.RateLimited(TimeSpan.FromSeconds(2))), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        foreach (var stream in new[] { true, false })
        {
            var answer = server.PostAsync("/v1/responses", Asked.Body("go", ("stream", stream)));
            Assert.Equal("rate_limit_error", (await Asked.ErrorAsync(answer, HttpStatusCode.TooManyRequests)).Text("type"));
            Assert.Equal("2", Assert.Single((await answer).Headers.GetValues("Retry-After")));
        }
    }

    [Fact]
    public async Task A_failure_later_is_an_error_and_a_response_that_failed_with_what_was_said()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ").CallInPieces("get_weather", "{\"city\":", close: false).Fails(503, "Overloaded.")));

        await using var stream = await server.StreamResponseAsync("go", ("tools", Asked.Weather));
        var frames = await stream.RestAsync();

        Assert.Equal(["error", "response.failed"], frames.Select(frame => frame.Event).TakeLast(2));
        Assert.Equal("server_error", frames[^2].Text("code"));
        var response = frames[^1].Json.GetProperty("response");
        Assert.Equal("failed", response.Text("status"));
        Assert.Contains("Overloaded.", response.GetProperty("error").Text("message"));
        Assert.Equal(["message completed: Once ", "function_call incomplete: get_weather({\"city\":)"], response.Output());
    }

    [Fact]
    public async Task An_answer_that_is_cut_at_its_length_is_incomplete()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Once").Finish(ChatFinishReason.Length)));

        await using var stream = await server.StreamResponseAsync("go");
        var last = (await stream.RestAsync())[^1];
        var whole = await server.AskAsync("go");

        Assert.Equal("response.incomplete", last.Event);
        foreach (var response in new[] { last.Json.GetProperty("response"), whole })
            Assert.Equal(("incomplete", "max_output_tokens"), (response.Text("status"), response.GetProperty("incomplete_details").Text("reason")));
    }

    [Fact]
    public async Task Results_of_calls_come_with_the_next_request()
    {
        var provider = new ScriptedProvider(Script.Call("get_weather", new { city = "Riga" }, "c1").Call("get_weather", new { city = "Oslo" }, "c2"), "18 in both.");
        await using var server = await AgentServer.StartAsync(provider);

        var first = await server.AskAsync("go", ("tools", Asked.Weather));
        await server.AskAsync(new object[] { new { type = "function_call_output", call_id = "c2", output = "18" }, new { type = "function_call_output", call_id = "c1", output = "18" } },
            ("tools", Asked.Weather), ("previous_response_id", first.Id()));

        Assert.Equal(["c1", "c2"], first.GetProperty("output").EnumerateArray().Select(item => item.Text("call_id")));
        Assert.Equal(["c2", "c1"], provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId));
        Assert.DoesNotContain(provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>(), result => $"{result.Result}".StartsWith("Error"));
    }

    [Fact]
    public async Task A_conversation_of_items_is_sent_as_its_messages_with_thoughts_left_out()
    {
        var provider = new ScriptedProvider("Fine.");
        await using var server = await AgentServer.StartAsync(provider);

        var response = await server.AskAsync(new object[]
        {
            new { role = "developer", content = "Be brief." },
            new { type = "message", role = "user", content = new object[] { new { type = "input_text", text = "Weather?" }, new { type = "input_image", image_url = "https://example.com/a.png", detail = "auto" } } },
            new { type = "reasoning", id = "rs_1", summary = Array.Empty<object>(), encrypted_content = "x" },
            new { type = "message", id = "msg_1", role = "assistant", status = "completed", content = new object[] { new { type = "output_text", text = "Let me see.", annotations = Array.Empty<object>() } } },
            new { type = "function_call", id = "fc_1", call_id = "c1", name = "get_weather", arguments = "{\"city\":\"Riga\"}" },
            new { type = "function_call", id = "fc_2", call_id = "c2", name = "get_weather", arguments = "{}" },
            new { type = "function_call_output", call_id = "c1", output = "18" },
            new { type = "function_call_output", call_id = "c2", output = new object[] { new { type = "input_text", text = "no " }, new { type = "input_text", text = "city" } } },
            new { role = "user", content = "And?" },
        });

        var request = Assert.Single(provider.Requests);
        Assert.Equal(["system: Be brief.", "user: Weather?", "assistant: Let me see.", "tool: ", "tool: ", "user: And?"], request.Lines());
        Assert.Equal(["18", "no city"], request.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => $"{result.Result}"));
        Assert.Equal("https://example.com/a.png", Assert.Single(request.Messages[1].Contents.OfType<UriContent>()).Uri.ToString());
        Assert.Equal(["message completed: Fine."], (await server.RetrieveAsync(response.Id())).Output());
    }

    [Theory]
    [InlineData("""[{"type":"item_reference","id":"msg_1"}]""", "input[0].type")]
    [InlineData("""[{"id":"msg_1"}]""", "input[0].type")]
    [InlineData("""[{"type":"web_search_call","id":"ws_1"}]""", "input[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","file_id":"file_1"}]}]""", "input[0].content[0].file_id")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","image_url":"file:///etc/passwd"}]}]""", "input[0].content[0].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","file_data":"%%"}]}]""", "input[0].content[0].file_data")]
    [InlineData("""[{"role":"boss","content":"x"}]""", "input[0].role")]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":"[1]"}]""", "input[0].arguments")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"https://example.com/a.png"}]}]""", "input[0].output")]
    [InlineData("""[{"type":"reasoning"}]""", "input")]
    [InlineData("[]", "input")]
    [InlineData("\"  \"", null)]
    public async Task What_cannot_be_taken_is_refused_and_named(string input, string? param)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, System.Text.Json.JsonDocument.Parse(input).RootElement);

        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("tools", """[{"type":"web_search"}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"function","name":"f"},{"type":"function","name":"f"}]""", "tools[1].name")]
    [InlineData("prompt", """{"id":"p"}""", "prompt")]
    [InlineData("max_output_tokens", "0", "max_output_tokens")]
    [InlineData("text", """{"format":{"type":"json_schema","name":"n"}}""", "text.format.schema")]
    [InlineData("reasoning", """{"effort":"wild"}""", "reasoning.effort")]
    [InlineData("metadata", """{"a":1}""", "metadata.a")]
    [InlineData("conversation", "7", "conversation")]
    public async Task A_setting_that_is_wrong_is_refused_and_named(string name, string value, string param)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, "go", (name, System.Text.Json.JsonDocument.Parse(value).RootElement));

        Assert.Equal(param, error.Text("param"));
    }

    [Fact]
    public async Task Agents_of_responses_are_forgotten_after_a_while_and_named_ones_are_not()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.KeepResponses = TimeSpan.FromMilliseconds(50));
        await server.AskAsync("go", ("conversation", "ann"));
        var own = await server.AskAsync("go");

        await server.AgentsLeftAsync(1);

        Assert.Equal(2, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{own.Id()}"), HttpStatusCode.NotFound);
    }

    private static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);

    [GeneratedRegex("resp_[A-Za-z0-9_-]+")]
    private static partial Regex ResponseName();

    [GeneratedRegex("\"created_at\":[0-9]+")]
    private static partial Regex CreatedAt();
}
