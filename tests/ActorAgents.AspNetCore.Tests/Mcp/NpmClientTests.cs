using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>The npm SDK's client, which speaks the revisions that begin with <c>initialize</c>.</summary>
public sealed class NpmClientTests
{
    [InteropFact]
    public async Task It_finds_a_tool_per_kind()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", new ScriptedProvider())
            .AddAgent("writer", a => a.WithDescription("Writes stories.")).AddAgent("assistant"));

        var said = await RunAsync(server, new { task = "list" });

        var about = said[0].GetProperty("server");
        Assert.Equal("actoragents", about.GetProperty("name").GetString());
        Assert.Equal(["tools"], about.GetProperty("capabilities").EnumerateObject().Select(capability => capability.Name).Where(name => name != "logging"));
        Assert.Equal(["assistant", "writer"], said.Skip(1).Select(line => line.GetProperty("tool").GetProperty("name").GetString()));
        Assert.Equal("Writes stories.", said[2].GetProperty("tool").GetProperty("description").GetString());
        Assert.Equal("prompt", Assert.Single(said[2].GetProperty("tool").GetProperty("inputSchema").GetProperty("required").EnumerateArray()).GetString());
    }

    [InteropFact]
    public async Task A_call_answers_with_the_agents_text_and_images()
    {
        var image = new DataContent(new byte[] { 1, 2, 3 }, "image/png");
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Reason("Hm. ").Text("Hello, ", "world!").Content(image)));

        var result = Result(await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello" }));

        Assert.False(result.TryGetProperty("isError", out var isError) && isError.GetBoolean());
        var content = result.GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(("text", "Hello, world!"), (content[0].GetProperty("type").GetString(), content[0].GetProperty("text").GetString()));
        Assert.Equal(("image", "AQID", "image/png"),
            (content[1].GetProperty("type").GetString(), content[1].GetProperty("data").GetString(), content[1].GetProperty("mimeType").GetString()));
    }

    [InteropFact]
    public async Task Progress_rises_and_names_the_tools_that_run()
    {
        var weather = new ScriptedTool("get_weather", call => "18", "city");
        var provider = new ScriptedProvider(Script.Text("Let me look. ").Call("get_weather", new { city = "Riga" }), Script.Text("It is 18."));
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", provider).AddTool("get_weather", weather).AddAgent("assistant", a => a.WithTool("get_weather")));

        var said = await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello", progress = true });

        var progress = said.Where(line => line.TryGetProperty("progress", out _)).Select(line => line.GetProperty("progress")).ToList();
        var counts = progress.Select(p => p.GetProperty("progress").GetInt64()).ToList();
        Assert.Equal(counts.Order().Distinct(), counts);
        Assert.Contains("Running get_weather.", progress.Select(p => p.GetProperty("message").GetString()));
        Assert.Equal("Let me look. It is 18.", Text(Result(said)));
    }

    [InteropFact]
    public async Task A_cancelled_call_is_interrupted_and_its_request_ends()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var script = NodeScript.Start("mcp", server.Address, new { task = "call", kind = "assistant", prompt = "hello", progress = true });
        await gate.ReachedAsync();
        await Probe.OneActive.ComesAsync(server);

        script.Abort();

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.Contains("AbortError", (await RestAsync(script)).Single(line => line.TryGetProperty("error", out _)).ToString());
    }

    [InteropFact]
    public async Task A_client_that_leaves_interrupts_its_call()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var script = NodeScript.Start("mcp", server.Address, new { task = "leave", kind = "assistant", prompt = "hello" });
        await gate.ReachedAsync();

        script.Abort();

        await Probe.OneAborted.ComesAsync(server, provider);
    }

    [InteropFact]
    public async Task A_turn_that_fails_is_an_error_for_the_model_to_read()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Half a").Fails(400, "Too long.")), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        var result = Result(await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello" }));

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal("Half a", result.GetProperty("content")[1].GetProperty("text").GetString());
    }

    [InteropFact]
    public async Task A_tool_that_is_not_there_is_an_error_of_the_protocol()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = Error(await RunAsync(server, new { task = "call", kind = "nobody", prompt = "hello" }));

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains("nobody", error.GetProperty("message").GetString());
    }

    [InteropFact]
    public async Task A_key_keeps_the_conversation_from_one_session_to_the_next()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);

        var said = await RunAsync(server, new { task = "reconnect", kind = "assistant", prompt = "hello", key = "ann" });

        Assert.Equal(2, said.Where(line => line.TryGetProperty("session", out _)).Select(line => line.GetProperty("session").GetString()).Distinct().Count());
        Assert.Equal(["user", "assistant", "user"], provider.Requests[1].Messages.Select(message => message.Role.Value));
        Assert.Equal(4, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
    }

    [InteropFact]
    public async Task Without_a_key_nothing_is_kept()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);

        await RunAsync(server, new { task = "reconnect", kind = "assistant", prompt = "hello" });

        Assert.Single(provider.Requests[1].Messages);
    }

    [InteropTheory]
    [InlineData(null, "401")]
    [InlineData("secret-nobody", "401")]
    [InlineData("secret-admin", "403")]
    [InlineData("secret-chat", null)]
    public async Task A_key_is_needed_where_there_are_keys(string? secret, string? refused)
    {
        await using var server = await KeyedServer.StartAsync(Script.Text("Hi."));

        var said = await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello", secret });

        if (refused is null) Assert.Equal("Hi.", Text(Result(said)));
        else Assert.Equal(refused, Error(said).GetProperty("code").ToString());
    }

    [InteropTheory]
    [InlineData("""{"action":"accept","content":{"approve":true}}""", true)]
    [InlineData("""{"action":"accept","content":{"approve":false}}""", false)]
    [InlineData("""{"action":"decline"}""", false)]
    [InlineData("""{"action":"cancel"}""", false)]
    [InlineData("""{"action":"nonsense"}""", false)]
    public async Task A_client_that_takes_questions_is_asked_for_approval(string answer, bool runs)
    {
        foreach (var key in new[] { null, "ann" })
        {
            var (server, send) = await ApprovingServerAsync();
            await using var _ = server;

            var said = await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello", key, answer = JsonDocument.Parse(answer).RootElement });

            var question = said.Single(line => line.TryGetProperty("question", out var _)).GetProperty("question").GetProperty("message").GetString();
            Assert.Contains("""'send' with {"to":"Ann"}""", question);
            Assert.Equal(runs ? 1 : 0, send.Calls.Count);
            Assert.Equal("Done.", Text(Result(said)));
        }
    }

    [InteropFact]
    public async Task Of_a_client_that_takes_no_questions_the_call_is_refused()
    {
        foreach (var key in new[] { null, "ann" })
        {
            var (server, send) = await ApprovingServerAsync();
            await using var _ = server;

            var said = await RunAsync(server, new { task = "call", kind = "assistant", prompt = "hello", key });

            Assert.Empty(send.Calls);
            Assert.Equal("Done.", Text(Result(said)));
        }
    }

    private static async Task<(AgentServer, ScriptedTool)> ApprovingServerAsync()
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Done."));
        return (await AgentServer.StartAsync(agents => agents.AddProvider("default", provider).AddTool("send", new ApprovalRequiredAIFunction(send)).AddAgent("assistant", a => a.WithTool("send"))), send);
    }

    private static async Task<List<JsonElement>> RunAsync(AgentServer server, object call)
    {
        using var script = NodeScript.Start("mcp", server.Address, call);
        return await RestAsync(script);
    }

    private static async Task<List<JsonElement>> RestAsync(NodeScript script)
    {
        var said = new List<JsonElement>();
        while (await script.NextAsync() is { } line) said.Add(line);
        return said;
    }

    private static JsonElement Result(List<JsonElement> said) => said.SingleOrDefault(line => line.TryGetProperty("result", out _)) is { ValueKind: JsonValueKind.Object } line
        ? line.GetProperty("result") : throw new InvalidOperationException($"No result: {string.Join("\n", said)}");

    private static JsonElement Error(List<JsonElement> said) => said.SingleOrDefault(line => line.TryGetProperty("error", out _)) is { ValueKind: JsonValueKind.Object } line
        ? line.GetProperty("error") : throw new InvalidOperationException($"No error: {string.Join("\n", said)}");

    private static string? Text(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString();
}
