using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Where a turn goes on that another process ran before: after its last step whose end is stored.</summary>
/// <param name="Epoch">That of the events to come.</param>
/// <param name="Seq">The last event that stands; the next one has the next number.</param>
/// <param name="Messages">What the turn added to its input so far.</param>
/// <param name="Kept">Those of them that are new: the calls of a step that was cut which had begun, with their results.</param>
/// <param name="Text">What was said up to that event.</param>
/// <param name="Prefix">The end of it that belongs to the running step, for a provider that goes on after a beginning; null when the step begins anew.</param>
/// <param name="Again">What readers are told first: what is withdrawn, and what of it stands all the same.</param>
/// <param name="Round">The calls of a step that was over, where they have not all come to the model.</param>
/// <param name="FinishReason">Of that step.</param>
/// <param name="IsAnswered">That step was the last: only the turn's end is missing.</param>
internal sealed record Resumption(
    int Epoch, long Seq, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<ChatMessage> Kept, string Text, string? Prefix, TokenUsage Usage, int Calls, int Rounds,
    IReadOnlyList<TurnEvent> Again, IReadOnlyList<ResumedCall> Round, ChatFinishReason? FinishReason, bool IsAnswered,
    bool StopsAfterStep)
{
    /// <param name="goesOn">The provider can be given the beginning of its answer.</param>
    public static Resumption Of(StoredTurn turn, bool goesOn)
    {
        var events = turn.Events;
        var step = events.FindLastIndex(next => next is StepFinished or TurnStarted) + 1; // Where what is not whole begins.
        var tail = events.Skip(step).ToList();
        var pending = Pending(turn.Messages);
        var steps = events.FindAll(static next => next is StepFinished { IsLast: false });
        // What is told of the pending calls comes after the step before theirs.
        var ofStep = steps.Count < 2 ? events : events.FindAll(next => next.Seq > steps[^2].Seq);
        var calls = pending.Select(call => ResumedCall.Of(call, ofStep, turn.Answers)).ToArray();
        var begun = pending.Count == 0 ? tail.OfType<ToolStarted>().Select(started => Begun.Of(started, tail)).ToArray() : [];
        var known = turn.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId).ToHashSet();
        var fresh = begun.Where(call => !known.Contains(call.Start.CallId)).ToArray();
        var said = tail.FindAll(next => next is not (ToolStarted or ToolFinished or ToolProgress)); // Those here are of calls that the messages have.
        var goesOnWithin = turn.AllIsStored && goesOn && fresh.Length == 0 && said.TrueForAll(next => next is TextDelta);
        var stands = pending.Count > 0 || goesOnWithin ? events.Count : step;
        var isReset = !turn.AllIsStored || stands < events.Count || turn.HasUnstoredRun;
        var epoch = isReset ? turn.Epoch + 1 : turn.StoredEpoch;
        List<TurnEvent> again = isReset ? [new Reset(stands)] : [];
        if (stands < events.Count) foreach (var call in begun) again.AddRange(call.Events);
        var kept = Record(fresh);
        var prefix = goesOnWithin ? TextOf(tail) : "";
        return new(epoch, stands, [.. turn.Messages, .. kept], kept, TextOf(events.Take(stands)), prefix.Length > 0 ? prefix : null,
            UsageOf(events), events.Count(next => next is ToolStarted),
            steps.Count - (calls.Length > 0 ? 1 : 0), again, calls, events.OfType<StepFinished>().LastOrDefault()?.FinishReason,
            events.LastOrDefault() is StepFinished { IsLast: true }, turn.StopsAfterStep);
    }

    /// <summary>What a turn that does not go on leaves to the conversation, besides the messages that are stored: of a step that was cut what it said and called, and results of all calls.</summary>
    public static IReadOnlyList<ChatMessage> LeftBy(StoredTurn turn)
    {
        var resumption = Of(turn, goesOn: false);
        var said = TextOf(turn.Events.Skip(turn.Events.FindLastIndex(next => next is StepFinished or TurnStarted) + 1));
        List<ChatMessage> left = [.. resumption.Kept];
        if (resumption.Results is { } results) left.Add(results);
        if (said.Length == 0) return left;
        if (left is [{ Role: var role } calls, ..] && role == ChatRole.Assistant) calls.Contents.Insert(0, new TextContent(said));
        else left.Insert(0, new ChatMessage(ChatRole.Assistant, said));
        return left;
    }

    /// <summary>The results of the calls that wait to be gone on with, for when they are not; null when there are none.</summary>
    public ChatMessage? Results => Round.Count == 0 ? null : new(ChatRole.Tool, [.. Round.Select(static call => new FunctionResultContent(call.Call.CallId, call.Known.Text))]);

    /// <summary>The result of a call that may have run to its end or not.</summary>
    public static ToolResult Unknown => ToolResult.Error("the process that ran it ended; the outcome is unknown.", ToolOutcome.Cancelled);

    public static string TextOf(IEnumerable<TurnEvent> events) => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text));

    public static TokenUsage UsageOf(IEnumerable<TurnEvent> events) => events.OfType<StepFinished>().Aggregate(TokenUsage.None, static (sum, step) => sum.Plus(step.Usage));

    private static List<FunctionCallContent> Pending(IEnumerable<ChatMessage> messages)
    {
        var calls = new List<FunctionCallContent>();
        foreach (var content in messages.SelectMany(message => message.Contents))
        {
            if (content is FunctionCallContent { InformationalOnly: false } call) calls.Add(call);
            else if (content is FunctionResultContent result) calls.RemoveAll(other => other.CallId == result.CallId);
        }
        return calls;
    }

    private static ChatMessage[] Record(Begun[] calls) => calls.Length == 0 ? [] :
    [
        new(ChatRole.Assistant, [.. calls.Select(call => new FunctionCallContent(call.Start.CallId, call.Start.Tool, new Dictionary<string, object?>(call.Start.Arguments)))]),
        new(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.Start.CallId, call.End.Result))]),
    ];

    /// <summary>A call of a step that was cut.</summary>
    private readonly record struct Begun(ToolStarted Start, ToolFinished End)
    {
        public static Begun Of(ToolStarted start, List<TurnEvent> tail) => new(start, tail.OfType<ToolFinished>().FirstOrDefault(end => end.CallId == start.CallId)
            ?? new ToolFinished(start.CallId, start.Tool, Unknown.Text, Unknown.Outcome, TimeSpan.Zero));

        public IEnumerable<TurnEvent> Events => [Start with { }, End with { }]; // They get places of their own.
    }
}

/// <summary>A call of a step that was over, as far as it had come.</summary>
/// <param name="RequestId">A person was asked under this id.</param>
/// <param name="Shown">Its result, if readers have it.</param>
/// <param name="Given">Its result, if they do not.</param>
internal sealed record ResumedCall(FunctionCallContent Call, string? RequestId, bool IsApproved, ToolResult? Shown, ToolResult? Given)
{
    /// <summary>A person was asked and has not answered.</summary>
    public bool Waits => RequestId is not null && !IsApproved && Shown is null && Given is null;

    /// <summary>Its result where it is not gone on with.</summary>
    public ToolResult Known => Shown ?? Given ?? ToolRound.NotStarted;

    /// <summary>Nothing had been done about it.</summary>
    public bool IsNew => RequestId is null && Shown is null && Given is null;

    /// <param name="events">Those of the call's step, among others.</param>
    public static ResumedCall Of(FunctionCallContent call, IReadOnlyList<TurnEvent> events, IReadOnlyList<JournalEntry.CallAnswered> answers)
    {
        var asked = events.OfType<ApprovalRequested>().LastOrDefault(next => next.CallId == call.CallId);
        var answer = answers.FirstOrDefault(next => next.RequestId == asked?.RequestId);
        var started = events.Any(next => next is ToolStarted start && start.CallId == call.CallId);
        var end = events.OfType<ToolFinished>().LastOrDefault(next => next.CallId == call.CallId);
        ToolResult? given = started ? Resumption.Unknown : answer is { Approved: false } ? ToolRound.Rejection(answer.Reason) : null;
        return new(call, asked?.RequestId, answer is { Approved: true }, end is null ? null : new ToolResult(end.Outcome, end.Result), end is null ? given : null);
    }

    public ToolRun Run(ToolRound round, AIFunction? function)
    {
        var run = new ToolRun(round, Call, function, IsApproved || Shown is not null || Given is not null ? null : RequestId);
        if (Shown is { } shown) run.WasFinished(shown);
        else if (Given is { } given) run.TryFinish(given);
        return run;
    }
}
