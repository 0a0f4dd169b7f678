using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A task as far as its turn's events tell it, or what the conversation keeps of it.</summary>
internal sealed class A2ATask(A2ATaskId id, IReadOnlyCollection<string>? answered = null)
{
    public const string Submitted = "TASK_STATE_SUBMITTED", Working = "TASK_STATE_WORKING", Completed = "TASK_STATE_COMPLETED", Failed = "TASK_STATE_FAILED",
        Canceled = "TASK_STATE_CANCELED", InputRequired = "TASK_STATE_INPUT_REQUIRED";

    /// <summary>All that the protocol has; not all of them come from here.</summary>
    public static readonly IReadOnlyList<string> States = [Submitted, Working, Completed, Failed, Canceled, InputRequired, "TASK_STATE_REJECTED", "TASK_STATE_AUTH_REQUIRED"];

    private bool _hasStarted;
    private string? _kept;

    public A2ATaskId Id => id;

    public string State => _kept ?? (End is { } end ? StateOf(end) : Asked.Count > 0 ? InputRequired : _hasStarted ? Working : Submitted);

    public bool IsOver => State is Completed or Failed or Canceled;

    public StringBuilder Answer { get; } = new();

    /// <summary>What was thought and not told yet.</summary>
    public StringBuilder Reasoning { get; } = new();

    /// <summary>What is not text.</summary>
    public List<ContentAdded> Files { get; } = [];

    /// <summary>The calls that wait for approval; none of those whose answer was given on the way here.</summary>
    public List<ApprovalRequested> Asked { get; } = [];

    /// <summary>Whether what had been said was withdrawn.</summary>
    public bool IsReset { get; private set; }

    public TerminalEvent? End { get; private set; }

    /// <summary>The last event that is in it.</summary>
    public TurnCursor Place { get; private set; }

    /// <summary>The task of that name; null when the agent has none.</summary>
    /// <param name="leaves">Asked whenever nothing more is at hand: whether what there is will do.</param>
    /// <param name="answered">Requests for approval that do not wait any more.</param>
    /// <param name="kept">What the conversation has of it, where that is known already.</param>
    public static async Task<A2ATask?> FindAsync(
        Agent agent, A2ATaskId id, Predicate<A2ATask> leaves, CancellationToken cancellationToken, IReadOnlyCollection<string>? answered = null, KeptTurn? kept = null)
    {
        var task = new A2ATask(id, answered);
        try { await agent.Turn(id.Turn).TakeInAsync(task.Apply, () => leaves(task), cancellationToken); }
        catch (TurnGoneException) { return (kept ?? await KeptTurn.FindAsync(agent, id.Turn, cancellationToken)) is { } known ? Of(id, known) : null; }
        return task;
    }

    public void Apply(TurnEvent next)
    {
        Place = next.Cursor;
        if (next is not ReasoningDelta) Reasoning.Clear();
        switch (next)
        {
            case TextDelta text: Answer.Append(text.Text); break;
            case ReasoningDelta reasoning: Reasoning.Append(reasoning.Text); break;
            case TurnStarted: _hasStarted = true; break;
            case ContentAdded file: Files.Add(file); break;
            case ApprovalRequested asked when answered?.Contains(asked.RequestId) != true: Asked.Add(asked); break;
            case ToolStarted started: Asked.RemoveAll(asked => asked.CallId == started.CallId); break;
            case ToolFinished finished: Asked.RemoveAll(asked => asked.CallId == finished.CallId); break;
            case Reset:
                IsReset = true;
                Answer.Clear();
                Files.Clear();
                Asked.Clear();
                break;
            case TerminalEvent end:
                End = end;
                if (IsReset) Answer.Clear().Append(end.TextSoFar);
                break;
        }
    }

    /// <summary>Only a person's or a program's wish cancels; what else interrupts a turn lets its task fail.</summary>
    public static string StateOf(TerminalEvent end) => end is TurnCompleted ? Completed : HttpErrors.Of(end) is { Code: "interrupted" } ? Canceled : Failed;

    private static A2ATask Of(A2ATaskId id, KeptTurn kept)
    {
        var task = new A2ATask(id) { _kept = kept.End is { } end ? StateOf(end) : Working };
        task.Answer.Append(kept.Answer);
        foreach (var content in kept.Messages.Where(message => message.Role == ChatRole.Assistant).SelectMany(message => message.Contents))
        {
            if (content is DataContent data) task.Files.Add(new(data.MediaType, data.Data));
            else if (content is UriContent uri) task.Files.Add(new(uri.MediaType, default, uri.Uri));
        }
        return task;
    }
}
