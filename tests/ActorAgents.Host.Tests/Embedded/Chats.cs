using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tests.Embedded;

/// <summary>Short ways to write messages and options.</summary>
internal static class Chats
{
    public static ChatMessage Instructions(string text) => new(ChatRole.System, text);
    public static ChatMessage User(string text) => new(ChatRole.User, text);
    public static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    public static ChatMessage Calls(params (string Id, string Tool, string Argument, object? Value)[] calls) =>
        new(ChatRole.Assistant, [.. calls.Select(c => new FunctionCallContent(c.Id, c.Tool, new Dictionary<string, object?> { [c.Argument] = c.Value }))]);

    public static ChatMessage Results(params (string Id, object? Result)[] results) =>
        new(ChatRole.Tool, [.. results.Select(r => new FunctionResultContent(r.Id, r.Result))]);

    public static ChatOptions Offering(params string[] tools) =>
        new() { Tools = [.. tools.Select(t => AIFunctionFactory.Create(() => "", t))] };

    public static ChatOptions OfferingAll() => Offering("clock", "calculator", "long-task", "send-message");
}
