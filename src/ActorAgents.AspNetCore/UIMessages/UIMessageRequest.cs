using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What a chat client posts, read and checked: the conversation as its page shows it. Some pages send the last message alone, as <c>message</c>.</summary>
/// <param name="Chat">The key of the agent.</param>
/// <param name="Before">All messages up to the last answer.</param>
/// <param name="After">Those that follow it, results of the client's tools included.</param>
/// <param name="Results">Of the client's tools, which an agent that keeps the conversation has not seen.</param>
/// <param name="News">What it has not seen besides.</param>
/// <param name="AnswerId">The answer that is to go on; null when a new one follows.</param>
/// <param name="Seen">What the client has of it; of its last step.</param>
/// <param name="Approvals">What it was waiting for.</param>
/// <param name="Rewrites">The page changed what was said before: an answer is to be given again, or a message was edited.</param>
internal sealed record UIMessageRequest(
    string Chat, List<ChatMessage> Before, List<ChatMessage> After, List<FunctionResultContent> Results, List<ChatMessage> News,
    string? AnswerId, UIMessageSeen? Seen, IReadOnlyList<UIApproval> Approvals, bool Rewrites)
{
    /// <summary>Whether the conversation has answers: an agent that knows nothing of it has lost it, or never had it.</summary>
    public bool HasAnswers => Before.Count > 0;

    /// <summary>What an agent that keeps the conversation has not seen.</summary>
    /// <param name="ids">As they were shown.</param>
    public List<ChatMessage> New(ShownCallIds ids) => Results.Count == 0 ? News
        : [new(ChatRole.Tool, [.. Results.Select(result => new FunctionResultContent(ids.Provided(result.CallId), result.Result) { Exception = result.Exception })]), .. News];

    /// <exception cref="HttpErrorException">A part is missing or malformed; the error names it.</exception>
    public static UIMessageRequest Read(RequestObject body)
    {
        var chat = body.RequiredText("id");
        var trigger = body.Text("trigger") ?? "submit-message";
        if (trigger is not ("submit-message" or "regenerate-message")) throw body.Wrong("trigger", "submit-message or regenerate-message");
        var isAlone = body.Find("messages") is null && body.Find("message") is not null;
        List<RequestObject> messages = isAlone ? [body.Object("message")!.Value] : [.. body.Objects("messages")];
        if (messages.Count == 0) throw body.Missing("messages", "at least one message");
        var each = messages.ConvertAll(message => UIMessageReader.Read(message).ToList());
        var named = body.Text("messageId") is { } id ? messages.FindIndex(message => message.Text("id") == id) : -1;
        var answer = named >= 0 && UIMessageReader.IsAnswer(messages[named]) ? named : UIMessageReader.IsAnswer(messages[^1]) ? messages.Count - 1 : -1;
        var rewrites = trigger == "regenerate-message" || named >= 0 && answer < 0;
        if (rewrites && isAlone) throw body.Missing("messages", "the whole conversation: an answer is to be given again, or a message was edited");
        var all = each.SelectMany(message => message).ToList();
        var after = all.FindLastIndex(message => message.Role == ChatRole.Assistant) + 1;
        var last = messages.FindLastIndex(UIMessageReader.IsAnswer);
        return new(chat, all[..after], all[after..], last < 0 ? [] : UIMessageReader.Results(messages[last]), [.. each.Skip(last + 1).SelectMany(message => message)],
            answer < 0 ? null : messages[answer].RequiredText("id"), answer < 0 ? null : UIMessageReader.Seen(messages[answer]),
            answer < 0 ? [] : UIMessageReader.Approvals(messages[answer]), rewrites);
    }
}
