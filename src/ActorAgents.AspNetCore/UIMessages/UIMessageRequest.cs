using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What a chat client posts, read and checked: the conversation as its page shows it.</summary>
/// <param name="Chat">The key of the agent.</param>
/// <param name="All">All messages.</param>
/// <param name="New">What an agent that keeps the conversation has not seen: results of the client's tools, and what follows the last answer.</param>
/// <param name="AnswerId">The answer that is to go on; null when a new one follows.</param>
/// <param name="Approvals">What the answer that is to go on was waiting for.</param>
/// <param name="Rewrites">The page changed what was said before: an answer is to be given again, or a message was edited.</param>
internal sealed record UIMessageRequest(
    string Chat, List<ChatMessage> All, List<ChatMessage> New, string? AnswerId, IReadOnlyList<UIApproval> Approvals, bool Rewrites)
{
    /// <summary>Whether the conversation has answers: an agent that knows nothing of it has lost it, or never had it.</summary>
    public bool HasAnswers => All.Exists(message => message.Role == ChatRole.Assistant);

    /// <exception cref="HttpErrorException">A part is missing or malformed; the error names it.</exception>
    public static UIMessageRequest Read(RequestObject body)
    {
        var chat = body.RequiredText("id");
        var trigger = body.Text("trigger") ?? "submit-message";
        if (trigger is not ("submit-message" or "regenerate-message")) throw body.Wrong("trigger", "submit-message or regenerate-message");
        var messages = Messages(body);
        var all = messages.ConvertAll(message => UIMessageReader.Read(message).ToList());
        var named = body.Text("messageId") is { } id ? messages.FindIndex(message => message.Text("id") == id) : -1;
        var answer = named >= 0 && UIMessageReader.IsAnswer(messages[named]) ? named : UIMessageReader.IsAnswer(messages[^1]) ? messages.Count - 1 : -1;
        var last = messages.FindLastIndex(UIMessageReader.IsAnswer);
        return new(chat, [.. all.SelectMany(message => message)], [.. Results(messages, last), .. all.Skip(last + 1).SelectMany(message => message)],
            answer < 0 ? null : messages[answer].RequiredText("id"), answer < 0 ? [] : UIMessageReader.Approvals(messages[answer]),
            trigger == "regenerate-message" || named >= 0 && answer < 0);
    }

    /// <summary>Some pages send the last message alone, as <c>message</c>.</summary>
    private static List<RequestObject> Messages(RequestObject body)
    {
        if (body.Find("messages") is null && body.Object("message") is { } only) return [only];
        var messages = body.Objects("messages").ToList();
        return messages.Count > 0 ? messages : throw body.Missing("messages", "at least one message");
    }

    private static IEnumerable<ChatMessage> Results(List<RequestObject> messages, int answer) =>
        answer >= 0 && UIMessageReader.Results(messages[answer]) is { Count: > 0 } results ? [new ChatMessage(ChatRole.Tool, results)] : [];
}
