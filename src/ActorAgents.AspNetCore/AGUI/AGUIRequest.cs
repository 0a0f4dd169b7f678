using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A <c>RunAgentInput</c>, read and checked. State and forwarded properties are the application's own and are not read: agents share no state with their
/// clients. Members that are not known are ignored.
/// </summary>
internal sealed record AGUIRequest(
    string ThreadId, string RunId, string? ParentRunId, IReadOnlyList<AGUIMessage> Messages, ChatOptions? Chat,
    IReadOnlyList<KeyValuePair<string, string>> Context, IReadOnlyDictionary<string, AGUIAnswer> Answers)
{
    /// <summary>What its messages say that the agent has not been told; what comes after the last answer when there is nothing new, as of a client that asks again.</summary>
    /// <exception cref="ArgumentException">Nothing does.</exception>
    public AgentInput Input(AGUIHistory history)
    {
        var messages = News(history).Any() ? Messages.Where(message => !message.IsInput || !history.Knows(message.Id)) : Messages;
        return AgentInput.AfterLastAnswer(messages.Select(message => message.For(history.Calls)).OfType<ChatMessage>());
    }

    /// <summary>The messages after the last answer that the agent has not been told.</summary>
    public IEnumerable<ChatMessage> News(AGUIHistory history) =>
        Messages.Reverse().TakeWhile(message => message.Content?.Role != ChatRole.Assistant).Where(message => message.IsInput && !history.Knows(message.Id)).Select(message => message.Content!);

    /// <exception cref="HttpErrorException">A part is missing or malformed; the error names it.</exception>
    public static AGUIRequest Read(RequestObject body)
    {
        var (thread, run) = (body.RequiredText("threadId"), body.RequiredText("runId"));
        if (body.Find("messages") is null) throw body.Missing("messages", "an array");
        var messages = body.Objects("messages").Select(AGUIMessage.Read).ToList();
        var tools = new CallersTools();
        foreach (var tool in body.Objects("tools")) tools.Declare(tool);
        var context = body.Objects("context").Select(fact => KeyValuePair.Create(fact.RequiredText("description"), fact.RequiredText("value"))).ToList();
        var answers = new Dictionary<string, AGUIAnswer>();
        foreach (var entry in body.Objects("resume"))
        {
            var id = entry.RequiredText("interruptId");
            if (!answers.TryAdd(id, AGUIAnswer.Read(entry))) throw entry.Wrong("interruptId", $"another interrupt: '{id}' is answered twice");
        }
        return new(thread, run, body.Text("parentRunId"), messages, tools.ToList() is { } declared ? new ChatOptions { Tools = declared } : null, context, answers);
    }
}

/// <summary>An answer to an interrupt: one of <c>resume</c>.</summary>
/// <param name="IsGivenUp">Nobody decided. The call is refused, as if somebody had said no.</param>
internal sealed record AGUIAnswer(bool IsGivenUp, bool Approved, string? Reason)
{
    public static AGUIAnswer Read(RequestObject entry)
    {
        switch (entry.RequiredText("status"))
        {
            case "resolved": break;
            case "cancelled": return new(true, false, "nobody decided.");
            default: throw entry.Wrong("status", "resolved or cancelled");
        }
        if (entry.Find("payload") is { ValueKind: System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False }) return new(false, entry.Flag("payload"), null);
        var payload = entry.Object("payload") ?? throw entry.Missing("payload", """an object such as {"approved": true}""");
        return new(false, payload.OptionalFlag("approved") ?? throw payload.Missing("approved", "true or false"), payload.Text("reason"));
    }
}
