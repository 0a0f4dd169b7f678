using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What a response shows of a turn from its beginning, and of the turns before it that its message goes on from.</summary>
internal static class UIMessageEvents
{
    /// <summary>In an input's additional properties: the message that the answer goes on with.</summary>
    private const string MessageKey = "actoragents.ui.message";

    public static void GoOnWith(string? messageId, IEnumerable<ChatMessage> input)
    {
        if (messageId is null) return;
        foreach (var message in input) (message.AdditionalProperties ??= [])[MessageKey] = messageId;
    }

    /// <param name="isJoined">Whether the client is to get the message from its beginning.</param>
    public static async IAsyncEnumerable<TurnEvent> ReadAsync(
        Agent agent, UntilAsked events, UIMessageFormat format, bool isJoined, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var hasBegun = false;
        await foreach (var next in events.ReadAsync(cancellationToken))
        {
            if (!hasBegun)
            {
                hasBegun = true;
                await foreach (var earlier in EarlierAsync(agent, format, isJoined, cancellationToken))
                {
                    events.Questions.See(earlier);
                    yield return earlier;
                }
            }
            yield return next;
        }
    }

    /// <summary>Once the turn has begun, since only then all turns before it have their records.</summary>
    private static async IAsyncEnumerable<TurnEvent> EarlierAsync(Agent agent, UIMessageFormat format, bool isJoined, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var turns = await KeptTurn.AllAsync(agent, cancellationToken);
        var own = turns.TakeWhile(kept => kept.Id != format.Turn).Count();
        var message = own < turns.Count ? MessageOf(turns[own]) : null;
        var first = own;
        if (isJoined && message is not null)
            while (first > 0 && MessageOf(turns[first]) is not null) first--;
        format.Follow(turns.Take(first), message);
        for (; first < own; first++)
        {
            var results = Results(turns[first + 1]);
            format.Settle(results.Select(result => result.CallId).ToHashSet());
            await foreach (var told in TurnAsync(agent, turns[first], cancellationToken)) yield return told;
            foreach (var result in results) yield return result;
        }
    }

    private static string? MessageOf(KeptTurn turn) => turn.Messages[0].AdditionalProperties?.GetValueOrDefault(MessageKey) as string;

    /// <summary>The results of the client's tools that a turn goes on with, as if the tools had run here.</summary>
    private static List<ToolFinished> Results(KeptTurn turn) =>
        turn.Messages[0].Role == ChatRole.Tool ? [.. turn.Messages[0].Contents.OfType<FunctionResultContent>().Select(Finished)] : [];

    /// <summary>The events of an ended turn; where its log is no longer kept, as far as its record tells.</summary>
    private static async IAsyncEnumerable<TurnEvent> TurnAsync(Agent agent, KeptTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TurnEvent>? log = null;
        try { log = agent.Turn(turn.Id).ReadAsync().GetAsyncEnumerator(cancellationToken); }
        catch (TurnGoneException) { }
        if (log is null)
        {
            foreach (var next in Recorded(turn)) yield return next;
            yield break;
        }
        await using (log)
            while (await log.MoveNextAsync()) yield return log.Current is TerminalEvent and not TurnCompleted ? new TurnCompleted("", null, TokenUsage.None) : log.Current;
    }

    private static IEnumerable<TurnEvent> Recorded(KeptTurn turn)
    {
        var answer = turn.Messages.SkipWhile(message => message.Role != ChatRole.Assistant).ToList();
        var finished = answer.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        List<OpenToolCall> open = [];
        foreach (var message in answer)
        {
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case TextContent text: yield return new TextDelta(text.Text); break;
                    case TextReasoningContent reasoning: yield return new ReasoningDelta(reasoning.Text); break;
                    case ErrorContent error: yield return new ContentAdded("text/plain", Encoding.UTF8.GetBytes(error.Message)); break;
                    case DataContent data: yield return new ContentAdded(data.MediaType, data.Data); break;
                    case UriContent uri: yield return new ContentAdded(uri.MediaType, default, uri.Uri); break;
                    case FunctionCallContent { InformationalOnly: false } call when finished.Contains(call.CallId): yield return new ToolStarted(call.CallId, call.Name, ToolArguments.Of(call)); break;
                    case FunctionCallContent { InformationalOnly: false } call: open.Add(new(call.CallId, call.Name, ToolArguments.Of(call))); break;
                    case FunctionResultContent result: yield return Finished(result); break;
                }
            }
            if (message.Role == ChatRole.Assistant) yield return new StepFinished(TokenUsage.None, null);
        }
        yield return new TurnCompleted("", null, TokenUsage.None, OpenCalls: open);
    }

    private static ToolFinished Finished(FunctionResultContent result) => result.Exception is { } failure
        ? new(result.CallId, "", failure.Message, ToolOutcome.Failed, default)
        : new(result.CallId, "", result.Result?.ToString() ?? "", ToolOutcome.Succeeded, default);
}
