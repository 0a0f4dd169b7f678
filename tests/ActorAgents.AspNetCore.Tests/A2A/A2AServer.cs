using System.Net;
using System.Text.Json;

namespace ActorAgents.AspNetCore.Tests.A2A;

/// <summary>Calls of JSON-RPC, as they go over the wire.</summary>
internal static class A2AServer
{
    private static readonly (string, string) Version = ("A2A-Version", "1.0");

    public static object Message(string text, string? contextId = "ann", string? taskId = null) =>
        new { message = new { role = "ROLE_USER", messageId = "m1", contextId, taskId, parts = new[] { new { text } } } };

    public static object Call(string method, object? @params, object? id = null) => new { jsonrpc = "2.0", id = id ?? 1, method, @params };

    public static Task<HttpResponseMessage> PostCallAsync(this AgentServer server, string method, object? parameters, string path = "/a2a", params (string, string)[] headers) =>
        server.PostAsync(path, Call(method, parameters), [Version, .. headers]);

    /// <summary>The result of a call that must have one.</summary>
    public static async Task<JsonElement> ResultAsync(this AgentServer server, string method, object? parameters, string path = "/a2a", params (string, string)[] headers)
    {
        var answer = await AgentServer.JsonAsync(server.PostCallAsync(method, parameters, path, headers));
        return answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method} failed: {answer}");
    }

    /// <summary>The error of a call that must have one.</summary>
    public static async Task<JsonElement> ErrorAsync(this AgentServer server, string method, object? parameters, HttpStatusCode status = HttpStatusCode.OK, string path = "/a2a", params (string, string)[] headers)
    {
        var answer = await AgentServer.JsonAsync(server.PostCallAsync(method, parameters, path, headers), status);
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
        return answer.GetProperty("error");
    }

    public static Task<Frames> StreamCallAsync(this AgentServer server, string method, object parameters, string path = "/a2a", params (string, string)[] headers) =>
        Frames.ReadAsync(server.PostCallAsync(method, parameters, path, headers));

    /// <summary>The object of a frame, and which one it is.</summary>
    public static (string Kind, JsonElement Value) Result(this Frame frame)
    {
        var member = frame.Json.GetProperty("result").EnumerateObject().Single();
        return (member.Name, member.Value);
    }

    public static int Code(this JsonElement error) => error.GetProperty("code").GetInt32();

    public static string Reason(this JsonElement error) => error.GetProperty("data")[0].GetProperty("reason").GetString()!;

    public static string State(this JsonElement task) => task.GetProperty("status").GetProperty("state").GetString()!["TASK_STATE_".Length..];

    public static string Answer(this JsonElement task) => task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString()!;
}
