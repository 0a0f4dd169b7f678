using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The tools that a caller declares and runs itself: a call of one ends the turn with that call.</summary>
internal static class ChatCompletionTools
{
    private static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement;

    /// <summary>Null when there is none.</summary>
    public static IList<AITool>? Read(RequestObject body)
    {
        List<AITool> tools = [];
        foreach (var tool in body.Objects("tools"))
        {
            if (tool.Text("type") is not "function") throw tool.Wrong("type", "function");
            var function = tool.Object("function") ?? throw tool.Missing("function", "an object");
            var name = function.RequiredText("name");
            if (name.Length == 0) throw function.Wrong("name", "a name");
            if (tools.Any(other => other.Name == name)) throw function.Wrong("name", $"another name: '{name}' is declared twice");
            tools.Add(AIFunctionFactory.CreateDeclaration(name, function.Text("description"), function.Object("parameters")?.Element.Clone() ?? AnyObject));
        }
        return tools.Count == 0 ? null : tools;
    }

    public static ChatToolMode? ReadMode(RequestObject body, IList<AITool> tools)
    {
        if (body.Find("tool_choice") is not { } choice) return null;
        if (choice.ValueKind == JsonValueKind.String)
            return body.RequiredText("tool_choice") switch
            {
                "auto" => ChatToolMode.Auto,
                "none" => ChatToolMode.None,
                "required" => ChatToolMode.RequireAny,
                _ => throw body.Wrong("tool_choice", "auto, none, required, or an object that names a function"),
            };
        var named = body.Object("tool_choice")!.Value;
        var function = named.Object("function") ?? throw named.Missing("function", "an object with the function's name");
        var name = function.RequiredText("name");
        return tools.Any(tool => tool.Name == name) ? ChatToolMode.RequireSpecific(name) : throw function.Wrong("name", "the name of one of 'tools'");
    }
}
