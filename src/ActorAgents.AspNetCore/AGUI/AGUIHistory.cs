using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// An agent's conversation as a client has it: a message per input, one per step of an answer, one per result. Their ids are the client's own, or
/// those under which the events of the turn showed them.
/// </summary>
internal sealed class AGUIHistory
{
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly List<Entry> _inOrder = [];

    private sealed record Entry(string Id, ChatRole Role)
    {
        public string Text { get; set; } = "";
        public List<AIContent> Parts { get; init; } = [];
        public List<(string Id, FunctionCallContent Call)> Calls { get; } = [];
        public string? CallId { get; init; }
    }

    public AGUIHistory(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var turn in messages.GroupBy(message => message.GetTurn()!.Value)) Add(turn.Key, turn);
        IsRunning = messages.Count > 0 && messages[^1].GetTurnState() == "running";
    }

    public ShownCallIds Calls { get; } = new();

    /// <summary>Whether a turn is under way, so that its last messages are still to come.</summary>
    public bool IsRunning { get; }

    public bool Knows(string id) => _entries.ContainsKey(id);

    /// <summary>The id of the message for a step of a turn, from 1.</summary>
    public static string StepId(TurnId turn, int step) => $"{turn}-{step}";

    /// <summary>The id of the message for a call's result, given that of its step.</summary>
    public static string ResultId(string stepId, string callId) => $"{stepId}-{callId}";

    /// <summary>What a client lacks that sent these messages; null when it has everything, or more is about to come.</summary>
    /// <param name="given">The array as it was sent; it is copied.</param>
    public AGUICatchUp? Missing(IReadOnlyList<AGUIMessage> messages, JsonElement given)
    {
        var known = messages.Select(message => message.Id).ToHashSet();
        if (_inOrder.TrueForAll(entry => known.Contains(entry.Id))) return null;
        var news = messages.Where(message => message.IsInput && !Knows(message.Id)).Select(message => message.Id).ToHashSet();
        return new(given.Clone(), news, json => { foreach (var entry in _inOrder) if (!known.Contains(entry.Id)) Write(json, entry); });
    }

    private void Add(TurnId turn, IEnumerable<ChatMessage> messages)
    {
        var (step, answered, place) = (0, true, 0); // An answer and its results are a step; what is said next is another.
        foreach (var message in messages)
        {
            place++;
            if (message.Role == ChatRole.Assistant)
            {
                if (answered) step++;
                answered = false;
                Answer(StepId(turn, step), message);
            }
            else if (message is { MessageId: null } && step > 0 && message.Role == ChatRole.Tool)
            {
                answered = true;
                Results(StepId(turn, step), message);
            }
            else Input(message.MessageId ?? $"{turn}-in{place}", message);
        }
    }

    private void Answer(string id, ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).ToList();
        if (message.Text.Length == 0 && calls.Count == 0) return; // Thoughts alone.
        var entry = _entries.GetValueOrDefault(id) ?? Add(new(id, ChatRole.Assistant));
        entry.Text += message.Text;
        entry.Calls.AddRange(calls.Select(call => (Calls.Next(call.CallId), call)));
        Results(id, message);
    }

    private void Results(string stepId, ChatMessage message)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
            Add(new(ResultId(stepId, result.CallId), ChatRole.Tool) { CallId = Calls.Last(result.CallId), Text = result.Result?.ToString() ?? "" });
    }

    private void Input(string id, ChatMessage message)
    {
        var result = message.Contents.OfType<FunctionResultContent>().FirstOrDefault();
        Add(new(id, message.Role) { CallId = result is null ? null : Calls.Last(result.CallId), Text = result is null ? message.Text : result.Result?.ToString() ?? "", Parts = Parts(message) });
    }

    /// <summary>The parts of a message that is more than its text. Only a user's may be, by the protocol.</summary>
    private static List<AIContent> Parts(ChatMessage message) =>
        message.Role == ChatRole.User && message.Contents.Any(part => part is DataContent or UriContent) ? [.. message.Contents.Where(part => part is TextContent or DataContent or UriContent)] : [];

    /// <summary>A message that was sent again is the one it was.</summary>
    private Entry Add(Entry entry)
    {
        if (_entries.TryAdd(entry.Id, entry)) _inOrder.Add(entry);
        return _entries[entry.Id];
    }

    private static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("role", entry.Role.Value);
        if (entry.Parts.Count > 0) NativeJson.Objects(json, "content", entry.Parts, part => AGUIMessage.WritePart(json, part));
        else if (entry.Role != ChatRole.Assistant || entry.Text.Length > 0) json.WriteString("content", entry.Text);
        if (entry.CallId is not null) json.WriteString("toolCallId", entry.CallId);
        if (entry.Calls.Count > 0)
            NativeJson.Objects(json, "toolCalls", entry.Calls, call =>
            {
                json.WriteString("id", call.Id);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Call.Name);
                json.WriteString("arguments", call.Call.Arguments is { } arguments ? ToolArguments.ToText(arguments.AsReadOnly()) : "{}");
                json.WriteEndObject();
            });
        json.WriteEndObject();
    }
}

/// <summary>
/// What a client lacks of a conversation, for <c>MESSAGES_SNAPSHOT</c>. Clients append what is new to them and drop what a snapshot leaves out, so that
/// what they have goes back as they sent it, and their new messages find their place at the end by being left out once.
/// </summary>
internal sealed record AGUICatchUp(JsonElement Given, IReadOnlySet<string> News, Action<Utf8JsonWriter> WriteMissing)
{
    /// <summary>Writes the items of the array.</summary>
    public void Write(Utf8JsonWriter json, bool withNews)
    {
        foreach (var message in Given.EnumerateArray()) if (!IsNews(message)) message.WriteTo(json);
        WriteMissing(json);
        if (!withNews) return;
        foreach (var message in Given.EnumerateArray()) if (IsNews(message)) message.WriteTo(json);
    }

    private bool IsNews(JsonElement message) => News.Contains(message.GetProperty("id").GetString()!);
}
