using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Parameters that chat completions and responses have in common, though not always in the same place.</summary>
internal static class OpenAIParameters
{
    public static ReasoningEffort? Effort(RequestObject body, string member) => body.Text(member) switch
    {
        null => null,
        "none" => ReasoningEffort.None,
        "minimal" or "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => throw body.Wrong(member, "one of none, minimal, low, medium, high, xhigh"),
    };

    /// <param name="function">Where a choice has the name of its function.</param>
    public static ChatToolMode? ToolMode(RequestObject body, IList<AITool> tools, Func<RequestObject, RequestObject> function)
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
        var named = function(body.Object("tool_choice")!.Value);
        var name = named.RequiredText("name");
        return tools.Any(tool => tool.Name == name) ? ChatToolMode.RequireSpecific(name) : throw named.Wrong("name", "the name of one of 'tools'");
    }

    /// <param name="described">Where a format has its schema.</param>
    public static ChatResponseFormat Format(RequestObject format, Func<RequestObject, RequestObject> described)
    {
        switch (format.RequiredText("type"))
        {
            case "text": return ChatResponseFormat.Text;
            case "json_object": return ChatResponseFormat.Json;
            case "json_schema":
                var schema = described(format);
                var form = schema.Object("schema") ?? throw schema.Missing("schema", "a JSON schema");
                return ChatResponseFormat.ForJsonSchema(form.Element.Clone(), schema.Text("name"), schema.Text("description"));
            default: throw format.Wrong("type", "one of text, json_object, json_schema");
        }
    }
}
