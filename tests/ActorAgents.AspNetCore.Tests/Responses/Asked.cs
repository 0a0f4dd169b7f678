using System.Net;
using System.Text.Json;

namespace ActorAgents.AspNetCore.Tests.Responses;

/// <summary>Requests for responses, and what the tests look at in the answers.</summary>
internal static class Asked
{
    public static readonly object[] Weather = [new { type = "function", name = "get_weather", parameters = new { type = "object" } }];

    public static Dictionary<string, object?> Body(object input, params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?> { ["model"] = "assistant", ["input"] = input };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    public static Task<JsonElement> AskAsync(this AgentServer server, object input, params (string Name, object? Value)[] more) =>
        AgentServer.JsonAsync(server.PostAsync("/v1/responses", Body(input, more)));

    public static Task<JsonElement> RefusedAsync(this AgentServer server, HttpStatusCode status, object input, params (string Name, object? Value)[] more) =>
        ErrorAsync(server.PostAsync("/v1/responses", Body(input, more)), status);

    public static async Task<JsonElement> ErrorAsync(Task<HttpResponseMessage> answer, HttpStatusCode status) => (await AgentServer.JsonAsync(answer, status)).GetProperty("error");

    public static Task<Frames> StreamResponseAsync(this AgentServer server, object input, params (string Name, object? Value)[] more) =>
        server.StreamAsync("/v1/responses", Body(input, [("stream", true), .. more]));

    public static Task<JsonElement> RetrieveAsync(this AgentServer server, string id) => AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{id}"));

    public static string Id(this JsonElement response) => response.Text("id");

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Each item as one line.</summary>
    public static string[] Output(this JsonElement response) => [.. response.GetProperty("output").EnumerateArray().Select(item => item.Text("type") switch
    {
        "message" => $"message {item.Text("status")}: {string.Concat(item.GetProperty("content").EnumerateArray().Select(part => part.Text("text")))}",
        "reasoning" => $"reasoning {item.Text("status")}: {string.Concat(item.GetProperty("summary").EnumerateArray().Select(part => part.Text("text")))}",
        var type => $"{type} {item.Text("status")}: {item.Text("name")}({item.Text("arguments")})",
    })];

    /// <summary>What a provider was sent, a line per message.</summary>
    public static string[] Lines(this Testing.RecordedRequest request) => [.. request.Messages.Select(message => $"{message.Role}: {message.Text}")];
}
