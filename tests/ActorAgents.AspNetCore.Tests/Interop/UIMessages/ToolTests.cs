using System.Text.Json;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class ToolTests
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration("get_weather", "The temperature in a city.",
        JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""").RootElement);

    private static Task<AgentServer> StartAsync(ScriptedProvider provider, params AITool[] tools) => AgentServer.StartAsync(agents =>
    {
        agents.AddProvider("default", provider);
        foreach (var tool in tools) agents.AddTool(tool.Name, tool);
        agents.AddAgent("assistant", a => { foreach (var tool in tools) a.WithTool(tool.Name); });
    });

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task The_agents_own_tool_runs_at_the_server_and_its_input_and_result_are_shown(bool inPieces)
    {
        const string json = """{"city":"Riga"}""";
        var own = new ScriptedTool("look_up", _ => new { degrees = 18, sky = new[] { "blue" } }, "city");
        var call = Script.Text("Let me see. ");
        await using var server = await StartAsync(
            new ScriptedProvider(inPieces ? call.CallInPieces("look_up", json, 3) : call.Call("look_up", new { city = "Riga" }), Script.Text("It is 18.")), own);
        using var page = ChatPage.Open(server);

        Assert.Equal("ready", await page.SendAsync("hello"));

        Assert.Equal(json, string.Concat(page.Chunks().Where(chunk => chunk.Is("tool-input-delta")).Select(chunk => chunk.Of("inputTextDelta"))));
        Assert.Equal(["start-step", "finish-step", "start-step", "finish-step"], page.Types().Where(type => type.EndsWith("-step", StringComparison.Ordinal)));
        var answer = (await page.MessagesAsync())[1];
        Assert.Equal(["step-start", "text", "tool-look_up", "step-start", "text"], answer.Parts().Select(part => part.Of("type")));
        var part = answer.Tool("look_up");
        Assert.Equal(("output-available", "True", "Riga"), (part.Of("state"), part.Of("providerExecuted"), part.GetProperty("input").Of("city")));
        Assert.Equal("blue", part.GetProperty("output").GetProperty("sky")[0].GetString());
        Assert.Single(own.Calls);
    }

    [InteropFact]
    public async Task What_a_tool_reports_is_a_preliminary_output()
    {
        var own = new ScriptedTool("dig", _ => "gold").Reports("1 m").Holds(out var gate);
        await using var server = await StartAsync(new ScriptedProvider(Script.Call("dig"), Script.Text("Done.")), own);
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });

        var progress = await page.UntilChunkAsync("tool-output-available");
        Assert.Equal(("1 m", "True"), (progress.Of("output"), progress.Of("preliminary")));
        Assert.Equal("True", (await page.MessagesAsync())[1].Tool("dig").Of("preliminary"));
        gate.Open();
        await page.UntilAsync("idle");

        var part = (await page.MessagesAsync())[1].Tool("dig");
        Assert.Equal(("output-available", "gold", null), (part.Of("state"), part.Of("output"), part.Of("preliminary")));
    }

    [InteropFact]
    public async Task A_call_that_fails_or_that_nobody_knows_is_shown_as_an_error_and_the_answer_goes_on()
    {
        await using var server = await StartAsync(
            new ScriptedProvider(Script.Call("break").Call("unknown").MalformedCall("break", "{", "bad"), Script.Text("Sorry.")), new ScriptedTool("break").Throws(new ToolFailedException("It broke.")));
        using var page = ChatPage.Open(server);

        Assert.Equal("ready", await page.SendAsync("hello"));

        var answer = (await page.MessagesAsync())[1];
        var tools = answer.Parts().Where(part => part.Of("toolCallId") is not null).ToList();
        Assert.Equal(3, tools.Count);
        Assert.All(tools, part => Assert.Equal(("output-error", "True"), (part.Of("state"), part.Of("providerExecuted"))));
        Assert.Contains(tools, part => part.Of("errorText")!.Contains("It broke."));
        Assert.Equal("Sorry.", answer.Text());
    }

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task The_clients_tool_runs_at_the_client_and_the_same_message_goes_on(bool inPieces)
    {
        var call = inPieces ? Script.Text("Let me look.").CallInPieces("get_weather", """{"city":"Riga"}""", callId: "c1") : Script.Text("Let me look.").Call("get_weather", new { city = "Riga" }, "c1");
        var provider = new ScriptedProvider(call, Script.Text("It has 18 degrees."), Script.Text("Bye."));
        await using var server = await StartAsync(provider, Weather);
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "send", text = "hello" });
        Assert.Equal("Riga", (await page.UntilAsync("call")).GetProperty("arguments").Of("city"));
        await page.UntilAsync("idle");

        var messages = await page.MessagesAsync();
        Assert.Equal(2, messages.Count);
        Assert.Equal(["step-start", "text", "tool-get_weather", "step-start", "text"], messages[1].Parts().Select(part => part.Of("type")));
        Assert.Equal("Let me look.It has 18 degrees.", messages[1].Text());
        Assert.Equal(["tool-calls", "stop"], page.Chunks().Where(chunk => chunk.Is("finish")).Select(chunk => chunk.Of("finishReason")));
        AssertAnswered(provider.Requests[1], "c1", "18");

        await page.SendAsync("thanks");
        Assert.Equal(["hello", "thanks"], provider.Requests[2].Messages.Where(message => message.Role == ChatRole.User).Select(message => message.Text));
        AssertAnswered(provider.Requests[2], "c1", "18");
    }

    [InteropFact]
    public async Task What_the_clients_tool_fails_with_is_its_result()
    {
        var provider = new ScriptedProvider(Script.Call("get_weather", new { city = "Riga" }, "c1"), Script.Text("Sorry."));
        await using var server = await StartAsync(provider, Weather);
        using var page = ChatPage.Open(server, toolFails: true);

        await page.SendAsync("hello");

        AssertAnswered(provider.Requests[1], "c1", "Error: No sensor.");
        Assert.Equal("Sorry.", (await page.MessagesAsync())[1].Text());
    }

    [InteropFact]
    public async Task A_result_that_comes_with_the_next_message_is_taken_too()
    {
        var provider = new ScriptedProvider(Script.Call("get_weather", new { city = "Riga" }, "c1"), Script.Text("18, and hello."));
        await using var server = await StartAsync(provider, Weather);
        using var page = ChatPage.Open(server, waits: true);

        await page.SendAsync("hello");
        await page.SendAsync("and?");

        AssertAnswered(provider.Requests[1], "c1", "18");
        Assert.Equal("and?", provider.Requests[1].Prompt);
        Assert.Equal("18, and hello.", (await page.MessagesAsync())[3].Text());
    }

    private static void AssertAnswered(RecordedRequest request, string call, string result)
    {
        var contents = request.Messages.SelectMany(message => message.Contents).ToList();
        Assert.Equal(call, Assert.Single(contents.OfType<FunctionCallContent>()).CallId);
        var given = Assert.Single(contents.OfType<FunctionResultContent>());
        Assert.Equal((call, result), (given.CallId, given.Result?.ToString()));
    }

    [InteropFact]
    public async Task An_id_that_the_provider_uses_again_is_another_for_the_page_and_the_same_for_the_provider()
    {
        var call = Script.Call("get_weather", new { city = "Riga" }, "c1");
        var provider = new ScriptedProvider(call, call, Script.Text("One."), call, Script.Text("Two."));
        await using var server = await StartAsync(provider, Weather);
        using var page = ChatPage.Open(server);

        Assert.Equal("ready", await page.SendAsync("hello"));
        Assert.Equal("ready", await page.SendAsync("again"));

        var messages = await page.MessagesAsync();
        Assert.Equal(["One.", "Two."], messages.Where(message => message.Of("role") == "assistant").Select(message => message.Text()));
        Assert.Equal(["c1", "c1~2", "c1~3"], messages.SelectMany(message => message.Parts()).Where(part => part.Is("tool-get_weather")).Select(part => part.Of("toolCallId")));
        Assert.All(messages.SelectMany(message => message.Parts()).Where(part => part.Is("tool-get_weather")), part => Assert.Equal("output-available", part.Of("state")));
        Assert.Equal(["18", "18", "18"], provider.Requests[4].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result?.ToString()));
        Assert.All(provider.Requests[4].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>(), result => Assert.Equal("c1", result.CallId));
    }
}
