using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.Testing;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>Messages as no client would make them.</summary>
public sealed class MessageTests(OpenServer open) : IClassFixture<OpenServer>
{
    private const string Good = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"assistant","arguments":{"prompt":"hello","key":"k"},"_meta":{"progressToken":"p"}}}""";

    [Theory]
    [InlineData("{}", "jsonrpc")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", "jsonrpc")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "method")]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1e30,"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", "method")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", "params")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", "params")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", "params.name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}""", "params.name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"assistant","arguments":[]}}""", "params.arguments")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"assistant","_meta":{"progressToken":{}}}}""", "params._meta.progressToken")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""", "params.clientInfo")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":7},"clientInfo":{"name":"n","version":"1"}}}""", "params.capabilities")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"n"}}}""", "params.clientInfo.version")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"n","version":"1","icons":7}}}""", "params.clientInfo")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"assistant","requestState":5}}""", "params.requestState")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"assistant","inputResponses":[]}}""", "params.inputResponses")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":5}}""", "params.cursor")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", null)]
    public async Task A_malformed_message_is_refused_and_the_place_named(string message, string? place)
    {
        using var response = await open.Server.SendAsync(HttpMethod.Post, "/mcp", message);
        var error = await WireRoutes.RefusedAsync("/mcp", response, HttpStatusCode.BadRequest);
        Assert.Equal(place, error.TryGetProperty("param", out var param) ? param.GetString() : null);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"~"}""", "method")]
    [InlineData("""{"jsonrpc":"2.0","id":"~","method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"~"}}""", "params.name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":"~"}}}""", "params._meta.progressToken")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"~","version":"1"}}}}""", "params._meta.io.modelcontextprotocol/clientInfo.name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"~","version":"1"}}}""", "params.clientInfo.name")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"n","version":"~"}}}""", "params.clientInfo.version")]
    public async Task Names_are_bounded(string message, string place)
    {
        foreach (var (length, isTooLong) in new[] { (257, true), (256, false) })
        {
            using var response = await open.Server.SendAsync(HttpMethod.Post, "/mcp", message.Replace("~", new string('n', length)));
            Assert.Equal(isTooLong ? place : null, (await response.Content.ReadAsStringAsync()) is var text && text.Contains("must be") ? JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("data").GetProperty("param").GetString() : null);
        }
    }

    [Fact]
    public async Task What_a_session_keeps_of_its_client_is_bounded()
    {
        var sessions = open.Server.Services.GetRequiredService<McpEngine>().Sessions;
        var before = sessions.Count;
        using var response = await RawMcp.InitializeAsync(open.Server, capabilities: new { experimental = new { x = new { y = new string('x', 40_000) } } });

        Assert.Equal("params", (await WireRoutes.RefusedAsync("/mcp", response, HttpStatusCode.BadRequest)).GetProperty("param").GetString());
        Assert.Equal(before, sessions.Count);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":7}""", "\"a\"", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}""", "7", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":[],"method":"ping"}""", "null", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":""", "null", -32700)]
    public async Task A_refusal_has_the_id_of_its_request_where_that_could_be_read(string message, string id, int code)
    {
        var refusal = await RawMcp.AnswerAsync(open.Server.SendAsync(HttpMethod.Post, "/mcp", message), HttpStatusCode.BadRequest);
        Assert.Equal((id, code), (refusal.GetProperty("id").GetRawText(), refusal.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("{}", "'prompt' is missing: give a string.")]
    [InlineData("""{"prompt":null}""", "'prompt' is missing: give a string.")]
    [InlineData("""{"prompt":7}""", "'prompt' must be a string, not 7.")]
    [InlineData("""{"prompt":["hello"]}""", "'prompt' must be a string, not an array.")]
    [InlineData("""{"prompt":" \n"}""", "'prompt' must be some text.")]
    [InlineData("""{"prompt":"hello","key":7}""", "'key' must be a string, not 7.")]
    [InlineData("""{"prompt":"hello","key":""}""", null)]
    [InlineData("""{"prompt":"hello","key":"a\u0001b"}""", null)]
    public async Task Arguments_that_are_wrong_are_a_result_that_the_model_can_read(string arguments, string? words)
    {
        foreach (var revision in new[] { RawMcp.WithSessions, RawMcp.WithoutSessions })
        {
            var result = await RawMcp.ResultAsync((await RawMcp.BeginAsync(open.Server, revision)).CallAsync(JsonDocument.Parse(arguments).RootElement));

            Assert.True(result.GetProperty("isError").GetBoolean());
            if (words is null) Assert.NotEmpty(RawMcp.Text(result)!);
            else Assert.Equal(words, RawMcp.Text(result));
        }
    }

    [Fact]
    public async Task What_is_not_known_is_ignored()
    {
        var client = await RawMcp.BeginAsync(open.Server);
        using var response = await client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"tools/call","more":1,"params":{"name":"assistant","more":{"x":1},"arguments":{"prompt":"hello","more":[1]},"_meta":{"more":2}}}""");
        Assert.Contains("Hi.", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_an_error_of_the_protocol()
    {
        var error = (await RawMcp.AnswerAsync((await RawMcp.BeginAsync(open.Server)).PostAsync("no/such", id: 1))).GetProperty("error");
        Assert.Equal(-32601, error.GetProperty("code").GetInt32());
        error = (await RawMcp.AnswerAsync((await RawMcp.BeginAsync(open.Server, RawMcp.WithoutSessions)).PostAsync("no/such", id: 1), HttpStatusCode.NotFound)).GetProperty("error");
        Assert.Equal(-32601, error.GetProperty("code").GetInt32());
    }

    [Property(MaxTest = 100)]
    public void No_call_made_from_a_good_one_breaks_the_server(int[] choices, PositiveInt seed)
    {
        var random = new System.Random(choices.Aggregate(seed.Get, HashCode.Combine));
        var message = JsonNode.Parse(Good)!;
        for (var change = 0; change <= choices.Length % 3; change++) RandomBodyTests.Change(message, random);
        var client = RawMcp.BeginAsync(open.Server).GetAwaiter().GetResult();

        using var response = client.SendAsync(HttpMethod.Post, message.ToJsonString()).GetAwaiter().GetResult();
        var answer = response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();

        Assert.True((int)response.StatusCode is 200 or 202 or >= 400 and < 500, $"{message.ToJsonString()} was answered with {response.StatusCode}: {answer}");
    }
}
