using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A message that was sent, read and checked, with how its answer is wanted.</summary>
/// <param name="ContextId">The agent's key.</param>
/// <param name="TaskId">The task whose questions it answers; absent for a task of its own.</param>
/// <param name="ReturnsAtOnce">Whether the answer to a call that does not stream is the task as it begins, and not as it ends or asks.</param>
internal sealed record A2AMessage(ChatMessage Input, string? ContextId, string? TaskId, IReadOnlyList<A2AAnswer> Answers, int? HistoryLength, bool ReturnsAtOnce)
{
    private const string DefaultType = "application/octet-stream";

    /// <exception cref="HttpErrorException">A part is missing or malformed, or asks for what is not served.</exception>
    public static A2AMessage Read(RequestObject parameters)
    {
        var message = parameters.Object("message") ?? throw parameters.Missing("message", "an object");
        if (message.RequiredText("role") != "ROLE_USER") throw message.Wrong("role", "ROLE_USER");
        var id = message.RequiredText("messageId");
        if (id.Length == 0) throw message.Wrong("messageId", "an id");
        var parts = message.Objects("parts").ToList();
        if (parts.Count == 0) throw message.Missing("parts", "at least one part");
        var input = new ChatMessage(ChatRole.User, [.. parts.Select(Content)]) { MessageId = id };
        var (context, task) = (NotEmpty(message.Text("contextId")), NotEmpty(message.Text("taskId")));
        var configuration = parameters.Object("configuration");
        if (configuration?.Texts("acceptedOutputModes") is { Count: > 0 } modes && !modes.Any(TakesText)) throw A2AErrors.OnlyText();
        if (configuration?.Object("taskPushNotificationConfig") is not null) throw A2AErrors.NoPush();
        return new(input, context, task, task is null ? [] : A2AAnswer.Read(parts), configuration?.Integer("historyLength", 0), configuration?.Flag("returnImmediately") ?? false);
    }

    private static AIContent Content(RequestObject part)
    {
        string[] given = [.. new[] { "text", "raw", "url", "data" }.Where(name => part.Find(name) is not null)];
        if (given.Length == 0) throw part.Missing("text", "text, raw, url or data");
        if (given.Length > 1) throw part.Wrong(given[1], $"absent beside '{given[0]}': a part has one content");
        var (type, name) = (NotEmpty(part.Text("mediaType")), NotEmpty(part.Text("filename")));
        switch (given[0])
        {
            case "text": return new TextContent(part.RequiredText("text"));
            case "data": return new TextContent(part.Find("data")!.Value.GetRawText());
            case "raw":
                var bytes = Decode(part.RequiredText("raw")) ?? throw part.Wrong("raw", "base64");
                return RequestMedia.Bytes(part, bytes, type ?? DefaultType, name);
            default: return RequestMedia.At(part, "url", type ?? DefaultType);
        }
    }

    /// <summary>Both alphabets, as JSON of Protocol Buffers takes them.</summary>
    private static byte[]? Decode(string text)
    {
        try { return text.AsSpan().IndexOfAny('-', '_') >= 0 ? Base64Url.DecodeFromChars(text) : Convert.FromBase64String(text); }
        catch (FormatException) { return null; }
    }

    private static bool TakesText(string mode) => mode.Split(';')[0].Trim().ToLowerInvariant() is "text/plain" or "text/markdown" or "text/*" or "*/*";

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>What a message says to the questions of its task.</summary>
/// <param name="RequestId">Absent where it answers the only one.</param>
/// <param name="Approved">Absent where it cannot be read as an answer.</param>
internal sealed record A2AAnswer(string? RequestId, bool? Approved, string? Reason)
{
    /// <summary>One for each part with data; else what the text says.</summary>
    public static IReadOnlyList<A2AAnswer> Read(IReadOnlyList<RequestObject> parts)
    {
        List<A2AAnswer> answers = [.. parts.Where(part => part.Find("data") is { ValueKind: JsonValueKind.Object }).Select(part => part.Object("data")!.Value)
            .Select(data => new A2AAnswer(data.Text("requestId"), data.OptionalFlag("approved"), data.Text("reason")))];
        if (answers.Count > 0) return answers;
        var text = string.Concat(parts.Select(part => part.Text("text"))).Trim().TrimEnd('.', '!');
        return [new(null, text.ToLowerInvariant() switch { "yes" => true, "no" => false, _ => null }, null)];
    }
}
