using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The tools that a caller declares and runs itself: a call of one ends the turn with that call.</summary>
internal static class ChatCompletionTools
{
    /// <summary>Null when there is none.</summary>
    public static IList<AITool>? Read(RequestObject body)
    {
        var tools = new CallersTools();
        foreach (var tool in body.Objects("tools"))
        {
            if (tool.Text("type") is not "function") throw tool.Wrong("type", "function");
            var function = tool.Object("function") ?? throw tool.Missing("function", "an object");
            tools.Declare(function);
        }
        return tools.ToList();
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
