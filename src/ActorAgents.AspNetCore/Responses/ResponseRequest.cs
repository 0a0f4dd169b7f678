using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A request for a response, read and checked. What it sets goes over the agent's own options; members that are not known are ignored.</summary>
/// <param name="Conversation">The key of the agent that is to answer; null when the response is to have one of its own.</param>
/// <param name="Previous">The response that it goes on from.</param>
/// <param name="Settings">The members of the response that say the request again.</param>
internal sealed record ResponseRequest(
    string Model, List<ChatMessage> Input, ChatOptions Options, string? Conversation, ResponseId? Previous,
    bool Streams, bool InBackground, bool IsStored, JsonElement Settings)
{
    /// <exception cref="HttpErrorException">A part is missing or malformed; the error names it.</exception>
    public static ResponseRequest Read(RequestObject body)
    {
        var (model, conversation, stored) = (body.RequiredText("model"), ReadConversation(body), body.OptionalFlag("store") ?? true);
        if (body.Find("prompt") is not null) throw body.Wrong("prompt", "absent: no templates are kept here, and an agent's instructions are its own");
        var previous = body.Text("previous_response_id") is { } id ? ResponseId.Parse(id) ?? throw UnknownPrevious(id) : (ResponseId?)null;
        if (previous is not null && conversation is not null) throw body.Wrong("previous_response_id", "absent where there is a 'conversation'");
        if (conversation is not null && !stored) throw body.Wrong("store", "true where there is a 'conversation', which keeps what is said in it");
        var background = body.Flag("background");
        if (background && !stored) throw body.Wrong("background", "false where 'store' is: an answer that nobody waits for must be kept");
        return new(model, ResponseInput.Read(body), ReadOptions(body), conversation, previous,
            body.Flag("stream"), background, stored, ResponseSettings.Of(body, conversation));
    }

    public static HttpErrorException UnknownPrevious(string id) =>
        new(new(400, "previous_response_not_found", $"There is no response '{TurnName.Shown(id)}' to go on from: it was not stored, or is forgotten.", "previous_response_id"));

    private static string? ReadConversation(RequestObject body) => body.Find("conversation") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } => body.Text("conversation"),
        { ValueKind: JsonValueKind.Object } => body.Object("conversation")!.Value.RequiredText("id"),
        _ => throw body.Wrong("conversation", "an id, or an object with one"),
    };

    private static ChatOptions ReadOptions(RequestObject body)
    {
        var options = new ChatOptions
        {
            Instructions = body.Text("instructions"),
            Temperature = body.Number("temperature"),
            TopP = body.Number("top_p"),
            MaxOutputTokens = body.Integer("max_output_tokens", 1),
            AllowMultipleToolCalls = body.OptionalFlag("parallel_tool_calls"),
            ResponseFormat = body.Object("text")?.Object("format") is { } format ? OpenAIParameters.Format(format, format => format) : null,
            Tools = ReadTools(body),
        };
        if (body.Object("reasoning") is { } reasoning && OpenAIParameters.Effort(reasoning, "effort") is { } effort)
            options.Reasoning = new ReasoningOptions { Effort = effort };
        if (options.Tools is not null) options.ToolMode = OpenAIParameters.ToolMode(body, options.Tools, named => named);
        return options;
    }

    private static IList<AITool>? ReadTools(RequestObject body)
    {
        var tools = new CallersTools();
        foreach (var tool in body.Objects("tools"))
        {
            if (tool.Text("type") is not "function") throw tool.Wrong("type", "function");
            tools.Declare(tool);
        }
        return tools.ToList();
    }
}
