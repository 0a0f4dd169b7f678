using System.Net;
using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Responses;

/// <summary>What of an answer is in a response, streamed, whole and later.</summary>
public sealed class OutputTests
{
    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_refusal_is_a_message_of_its_own(bool streams)
    {
        await using var server = await AgentServer.StartAsync(
            ScriptedProvider.Always(Script.Text("Hm.").Content(new ErrorContent("I will not.") { ErrorCode = "Refusal" }).Text("Else?")));

        var response = await server.AnswerAsync(streams);

        foreach (var told in new[] { response, await server.RetrieveAsync(response.Id()) })
        {
            var parts = told.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("content")[0]).ToList();
            Assert.Equal(["output_text", "refusal", "output_text"], parts.Select(part => part.Text("type")));
            Assert.Equal("I will not.", parts[1].Text("refusal"));
            Assert.Equal(3, told.GetProperty("output").EnumerateArray().Select(item => item.Id()).Distinct().Count());
        }
    }

    [Fact]
    public async Task A_refusal_is_streamed_as_one()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Content(new ErrorContent("I will not."))));

        await using var stream = await server.StreamResponseAsync("go");
        var frames = await stream.RestAsync();

        Assert.Equal(
            ["response.output_item.added", "response.content_part.added", "response.refusal.delta", "response.refusal.done", "response.content_part.done", "response.output_item.done"],
            frames.Skip(2).SkipLast(1).Select(frame => frame.Event));
        Assert.Equal(("I will not.", "I will not."), (frames[4].Text("delta"), frames[5].Text("refusal")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_that_is_left_open_is_the_clients_whoever_declared_its_tool(bool streams)
    {
        var weather = AIFunctionFactory.CreateDeclaration("weather", null, JsonElement.Parse("""{"type":"object"}"""));
        await using var server = await AgentServer.StartAsync(
            ScriptedProvider.Always(Script.Text("See.").CallInPieces("weather", """{"city":"Riga"}""")), agent: a => a.WithTool(weather));

        var response = await server.AnswerAsync(streams);

        foreach (var told in new[] { response, await server.RetrieveAsync(response.Id()) })
            Assert.Equal(["message completed: See.", "function_call completed: weather({\"city\":\"Riga\"})"], told.Output());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_is_said_between_calls_stays_between_them(bool streams)
    {
        await using var server = await AgentServer.StartAsync(
            ScriptedProvider.Always(Script.Text("One.").CallInPieces("get_weather", """{"city":"Riga"}""").Text("Two.").CallInPieces("get_weather", """{"city":"Oslo"}""", index: 1)));

        var response = await server.AnswerAsync(streams, ("tools", Asked.Weather));

        foreach (var told in new[] { response, await server.RetrieveAsync(response.Id()) })
            Assert.Equal(
                ["message completed: One.", "function_call completed: get_weather({\"city\":\"Riga\"})", "message completed: Two.", "function_call completed: get_weather({\"city\":\"Oslo\"})"],
                told.Output());
    }
}

internal static class Answers
{
    /// <summary>The whole response, read from a stream or not.</summary>
    public static async Task<JsonElement> AnswerAsync(this AgentServer server, bool streams, params (string Name, object? Value)[] more)
    {
        if (!streams) return await server.AskAsync("go", more);
        await using var stream = await server.StreamResponseAsync("go", more);
        return (await stream.RestAsync())[^1].Json.GetProperty("response");
    }
}
