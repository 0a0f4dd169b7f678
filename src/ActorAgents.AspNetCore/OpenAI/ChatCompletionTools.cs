using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
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

    public static ChatToolMode? ReadMode(RequestObject body, IList<AITool> tools) =>
        OpenAIParameters.ToolMode(body, tools, named => named.Object("function") ?? throw named.Missing("function", "an object with the function's name"));
}
