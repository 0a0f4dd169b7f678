using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Reads UI messages. What parts hold for the page alone, such as data, sources and the boundaries of steps, is left out.</summary>
internal static class UIMessageReader
{
    /// <summary>The messages that one is to a model: of an answer, for each of its steps what was said and called, and the results.</summary>
    public static IEnumerable<ChatMessage> Read(RequestObject message)
    {
        switch (message.RequiredText("role"))
        {
            case "system": return [new(ChatRole.System, [.. Parts(message).Select(part => Said(part) ?? throw part.Wrong("type", "text")).OfType<AIContent>()])];
            case "user": return [new(ChatRole.User, [.. Parts(message).Select(Given).OfType<AIContent>()])];
            case "assistant": return [.. Steps(message).SelectMany(Step)];
            default: throw message.Wrong("role", "one of system, user, assistant");
        }
    }

    public static bool IsAnswer(RequestObject message) => message.Text("role") == "assistant";

    /// <summary>The results of the calls that an answer's last step left to the client.</summary>
    public static List<FunctionResultContent> Results(RequestObject answer) =>
        [.. Steps(answer).Last().Where(part => IsCall(part) && !part.Flag("providerExecuted")).Select(Result).OfType<FunctionResultContent>()];

    /// <summary>What the client's user says to the calls of an answer's last step that need an approval. Those of earlier steps are settled.</summary>
    public static List<UIApproval> Approvals(RequestObject answer) =>
    [
        .. Steps(answer).Last().Where(part => IsCall(part) && part.Text("state") == "approval-responded").Select(part =>
        {
            var approval = part.Object("approval") ?? throw part.Missing("approval", "an object");
            return new UIApproval(approval.RequiredText("id"), approval.OptionalFlag("approved") ?? throw approval.Missing("approved", "true or false"), approval.Text("reason"));
        }),
    ];

    /// <summary>What the client has of an answer's last step.</summary>
    public static UIMessageSeen Seen(RequestObject answer)
    {
        var step = Steps(answer).Last();
        return new(LengthOf(step, "text"), LengthOf(step, "reasoning"), step.Count(part => part.RequiredText("type") == "file"), step.Where(IsCall).Select(part =>
            new UIMessageSeen.Call(part.RequiredText("toolCallId"), State(part), part.Flag("preliminary"), part.Object("approval")?.Text("id"))));

        static int LengthOf(List<RequestObject> step, string type) => step.Where(part => part.RequiredText("type") == type).Sum(part => part.Text("text")?.Length ?? 0);
    }

    private static IEnumerable<RequestObject> Parts(RequestObject message) =>
        message.Find("parts") is null ? throw message.Missing("parts", "an array of parts") : message.Objects("parts");

    /// <summary>At least one, which may be empty.</summary>
    private static List<List<RequestObject>> Steps(RequestObject answer)
    {
        List<List<RequestObject>> steps = [[]];
        foreach (var part in Parts(answer))
        {
            if (part.RequiredText("type") == "step-start") steps.Add([]);
            else steps[^1].Add(part);
        }
        return steps;
    }

    private static IEnumerable<ChatMessage> Step(List<RequestObject> parts)
    {
        List<AIContent> said = [.. parts.Select(part => IsCall(part) ? Call(part) : Answered(part)).OfType<AIContent>()];
        List<AIContent> results = [.. parts.Where(IsCall).Select(Result).OfType<AIContent>()];
        if (said.Count > 0) yield return new(ChatRole.Assistant, said);
        if (results.Count > 0) yield return new(ChatRole.Tool, results);
    }

    private static AIContent? Given(RequestObject part) => Said(part) ?? (part.RequiredText("type").StartsWith("data-", StringComparison.Ordinal)
        ? null : throw part.Wrong("type", "one of text, file, data-…"));

    /// <summary>A file that came from a model may be one that cannot go back, such as of another scheme; the conversation has to go on without it.</summary>
    private static AIContent? Answered(RequestObject part)
    {
        try { return Said(part); }
        catch (HttpErrorException) when (part.RequiredText("type") == "file") { return null; }
    }

    private static AIContent? Said(RequestObject part) => part.RequiredText("type") switch
    {
        "text" => new TextContent(part.RequiredText("text")),
        "file" => RequestMedia.At(part, "url", part.RequiredText("mediaType")),
        _ => null,
    };

    private static bool IsCall(RequestObject part) => part.RequiredText("type") is var type && (type == "dynamic-tool" || type.StartsWith("tool-", StringComparison.Ordinal));

    private static FunctionCallContent? Call(RequestObject part)
    {
        if (State(part) == "input-streaming") return null;
        var input = part.Object("input");
        var arguments = input is { } given ? ToolArguments.Parse(given.Element.GetRawText()) ?? throw part.Wrong("input", "an object that can be written again") : [];
        return new(part.RequiredText("toolCallId"), part.RequiredText("type") is "dynamic-tool" ? part.RequiredText("toolName") : part.RequiredText("type")["tool-".Length..], arguments);
    }

    private static FunctionResultContent? Result(RequestObject part)
    {
        switch (State(part))
        {
            case "output-available": return new(part.RequiredText("toolCallId"), UIMessageOutput.ToText(part.Find("output")));
            case "output-error":
                var error = part.RequiredText("errorText");
                return new(part.RequiredText("toolCallId"), $"Error: {error}") { Exception = new ToolFailedException(error) };
            case "output-denied": return new(part.RequiredText("toolCallId"), "Error: the user did not allow this call.");
            default: return null;
        }
    }

    private static string State(RequestObject part) => part.RequiredText("state") is var state
        && state is "input-streaming" or "input-available" or "approval-requested" or "approval-responded" or "output-available" or "output-error" or "output-denied"
        ? state : throw part.Wrong("state", "a state of a tool part");
}

/// <param name="Id">The request that it answers.</param>
internal sealed record UIApproval(string Id, bool Approved, string? Reason);
