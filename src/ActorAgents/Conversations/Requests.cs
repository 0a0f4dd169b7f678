using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Builds what a provider is sent. Pure functions.</summary>
internal static class Requests
{
    /// <summary>
    /// System part, the last <paramref name="window"/> whole turns, then this turn. Valid for every provider: each call has exactly one result right
    /// after it, no result lacks its call, no reasoning lacks its signature.
    /// </summary>
    public static List<ChatMessage> Messages(ChatMessage? system, Conversation conversation, int window, IReadOnlyList<ChatMessage> turn)
    {
        var turns = conversation.Turns;
        var first = Math.Max(0, turns.Count - window);
        var count = turn.Count + 1;
        for (var i = first; i < turns.Count; i++) count += turns[i].Messages.Length;
        var messages = new List<ChatMessage>(count);
        if (system is not null) messages.Add(system);
        for (var i = first; i < turns.Count; i++) messages.AddRange(turns[i].Messages);
        messages.AddRange(turn);
        return IsPlain(messages) ? messages : Paired(messages);
    }

    /// <summary>The agent's options with the call's laid over them and the tools of all three.</summary>
    public static ChatOptions Options(ChatOptions? agent, ChatOptions? call, ToolSet tools)
    {
        var options = agent?.Clone() ?? new ChatOptions();
        if (call is not null) Lay(call, options);
        if (tools.Count == 0 && agent?.Tools is not { Count: > 0 } && call?.Tools is not { Count: > 0 }) return options;
        options.Tools = [.. tools, .. agent?.Tools ?? [], .. call?.Tools ?? []];
        return options;
    }

    /// <summary>For the last request of a turn that reached a limit: nothing to call, so it ends in text.</summary>
    public static ChatOptions WithoutTools(ChatOptions options)
    {
        var last = options.Clone();
        last.Tools = null;
        last.ToolMode = null;
        last.AllowMultipleToolCalls = null;
        return last;
    }

    private static void Lay(ChatOptions from, ChatOptions onto)
    {
        onto.ConversationId = from.ConversationId ?? onto.ConversationId;
        onto.Instructions = from.Instructions ?? onto.Instructions;
        onto.Temperature = from.Temperature ?? onto.Temperature;
        onto.MaxOutputTokens = from.MaxOutputTokens ?? onto.MaxOutputTokens;
        onto.TopP = from.TopP ?? onto.TopP;
        onto.TopK = from.TopK ?? onto.TopK;
        onto.FrequencyPenalty = from.FrequencyPenalty ?? onto.FrequencyPenalty;
        onto.PresencePenalty = from.PresencePenalty ?? onto.PresencePenalty;
        onto.Seed = from.Seed ?? onto.Seed;
        onto.Reasoning = from.Reasoning ?? onto.Reasoning;
        onto.ResponseFormat = from.ResponseFormat ?? onto.ResponseFormat;
        onto.ModelId = from.ModelId ?? onto.ModelId;
        onto.StopSequences = from.StopSequences ?? onto.StopSequences;
        onto.AllowMultipleToolCalls = from.AllowMultipleToolCalls ?? onto.AllowMultipleToolCalls;
        onto.ToolMode = from.ToolMode ?? onto.ToolMode;
        onto.RawRepresentationFactory = from.RawRepresentationFactory ?? onto.RawRepresentationFactory;
        if (from.AdditionalProperties is null) return;
        onto.AdditionalProperties ??= [];
        foreach (var (key, value) in from.AdditionalProperties) onto.AdditionalProperties[key] = value;
    }

    private static bool IsPlain(List<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Tool) return false;
            for (var i = 0; i < message.Contents.Count; i++)
                if (message.Contents[i] is FunctionCallContent or FunctionResultContent or TextReasoningContent) return false;
        }
        return true;
    }

    private static List<ChatMessage> Paired(List<ChatMessage> messages)
    {
        var paired = new List<ChatMessage>(messages.Count);
        var unanswered = new List<string>();
        var informational = new List<string>(); // Their results stay with them; none is made up.
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            // Results follow their calls: whatever else comes first finds them brought forward, or filled in where there are none.
            var startsWithResults = message.Contents.Count > 0 && message.Contents[0] is FunctionResultContent;
            if (!startsWithResults)
            {
                Answer(unanswered, paired, messages, i);
                informational.Clear();
            }
            var contents = new List<AIContent>(message.Contents.Count);
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case TextReasoningContent { ProtectedData: null }:
                    case FunctionResultContent result when !unanswered.Remove(result.CallId) && !informational.Remove(result.CallId):
                        break;
                    case FunctionCallContent call:
                        (call.InformationalOnly ? informational : unanswered).Add(call.CallId);
                        contents.Add(call);
                        break;
                    default:
                        contents.Add(content);
                        break;
                }
            }
            if (contents.Count == message.Contents.Count) paired.Add(message);
            else if (contents.Count > 0) paired.Add(new ChatMessage(message.Role, contents) { AuthorName = message.AuthorName, MessageId = message.MessageId });
        }
        Answer(unanswered, paired, messages, messages.Count);
        return paired;
    }

    private static void Answer(List<string> unanswered, List<ChatMessage> paired, List<ChatMessage> messages, int from)
    {
        if (unanswered.Count == 0) return;
        // A response may be several messages: the results of its calls follow the last of them.
        var later = messages.Skip(from).SkipWhile(message => message.Role == ChatRole.Assistant).TakeWhile(message => message.Role != ChatRole.Assistant).SelectMany(message => message.Contents).OfType<FunctionResultContent>();
        paired.Add(new ChatMessage(ChatRole.Tool,
            [.. unanswered.Select(id => later.FirstOrDefault(result => result.CallId == id) ?? new FunctionResultContent(id, "Error: no result was given."))]));
        unanswered.Clear();
    }
}
