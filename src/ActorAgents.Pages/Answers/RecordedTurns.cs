using Microsoft.Extensions.AI;

namespace ActorAgents.Pages;

/// <summary>The exchanges of a conversation, as its messages tell them.</summary>
internal static class RecordedTurns
{
    public static List<RecordedTurn> From(IEnumerable<ChatMessage> messages)
    {
        var turns = new List<RecordedTurn>();
        foreach (var group in messages.GroupBy(m => m.GetTurn()!.Value))
        {
            var input = group.TakeWhile(m => m.Role != ChatRole.Assistant).ToList();
            var state = group.First().GetTurnState();
            turns.Add(new(group.Key, string.Join("\n\n", input.Select(m => m.Text)), AnswerOf(group.Skip(input.Count), state), state == "running"));
        }
        return turns;
    }

    private static Answer AnswerOf(IEnumerable<ChatMessage> messages, string state)
    {
        var answer = new Answer();
        var calls = new Dictionary<string, ToolPart>();
        foreach (var message in messages)
            foreach (var content in message.Contents)
                Add(content, message.Role == ChatRole.User, answer, calls);
        var (stands, note) = state switch
        {
            "running" => (AnswerState.Running, (string?)null),
            "interrupted" => (AnswerState.Interrupted, "Stopped."),
            "failed" => (AnswerState.Failed, "This answer failed."),
            _ => (AnswerState.Completed, null),
        };
        answer.Stand(stands, note);
        return answer;
    }

    private static void Add(AIContent content, bool isInput, Answer answer, Dictionary<string, ToolPart> calls)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text when isInput:
                answer.Restore(new InputPart(text.Text));
                break;
            case TextContent { Text.Length: > 0 } text:
                var part = new TextPart();
                part.Blocks.Append(text.Text);
                answer.Restore(part);
                break;
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                var thought = new ReasoningPart();
                thought.Text.Append(reasoning.Text);
                answer.Restore(thought);
                break;
            case DataContent data:
                answer.Restore(new ContentPart(data.MediaType, data.Data, null));
                break;
            case UriContent uri:
                answer.Restore(new ContentPart(uri.MediaType, default, uri.Uri));
                break;
            case FunctionCallContent call:
                answer.Restore(calls[call.CallId] = new ToolPart
                {
                    CallId = call.CallId, Tool = call.Name, State = ToolPartState.Running, Arguments = Wording.Of(call.Arguments ?? new Dictionary<string, object?>()),
                });
                break;
            case FunctionResultContent result when calls.TryGetValue(result.CallId, out var called):
                (called.State, called.Result) = (ToolPartState.Ended, result.Result?.ToString());
                break;
        }
    }
}

/// <summary>A turn as the messages have it.</summary>
internal sealed record RecordedTurn(TurnId Turn, string Prompt, Answer Answer, bool IsRunning);
