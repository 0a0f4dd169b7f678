using System.Diagnostics;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// The tool calls of one step. The turn's owner adds calls and takes news; tools finish and report from anywhere. A tool refers to its own round, so
/// that what it says late never reaches a later one.
/// </summary>
internal sealed class ToolRound
{
    private readonly Turn _turn;
    private readonly AgentNode _node;
    private readonly AgentLimits _limits;
    private readonly AgentKind _kind;
    private readonly IActorRef _agent;
    private readonly Lock _lock = new();
    private ToolRun[] _runs = [];
    private ToolRun? _finishedFirst, _finishedLast;
    private int _news;
    private int _lastReported = -1;
    private volatile bool _terminated;

    public ToolRound(Turn turn, AgentNode node, AgentKind kind, AgentLimits limits, IActorRef agent, ChatOptions options, Activity? activity) =>
        (_turn, _node, _kind, _limits, _agent, Options, Activity) = (turn, node, kind, limits, agent, options, activity);

    /// <summary>The calls, in the order in which the model made them.</summary>
    public ReadOnlySpan<ToolRun> Runs => Volatile.Read(ref _runs);

    public Activity? Activity { get; }

    /// <summary>The options of the next request; the round's tools may change them.</summary>
    public ChatOptions Options { get; }

    public IServiceProvider Services => _node.Services;
    public ToolThreads Threads => _node.ToolThreads;
    public CallCounter Abandoned => _node.AbandonedTools;
    public bool ShowDetails => _kind.Definition.DetailedToolErrors;
    public bool SensitiveTelemetry => _node.SensitiveTelemetry;
    public int MaxResultChars => _limits.MaxToolResultChars;
    public TimeSpan Grace => _limits.ToolGrace;
    public long Now => _node.Time.GetTimestamp();

    /// <summary>A tool asked to end the turn after this round.</summary>
    public bool IsTerminated => _terminated;

    /// <summary>Every call is over and its end was given to the reader. By the owner.</summary>
    public bool IsDone
    {
        get
        {
            foreach (var run in Runs) if (!run.IsShown && (!run.IsOpen || run.IsDone)) return false;
            return true;
        }
    }

    /// <summary>The provider ran every call itself: its response is the answer to them too.</summary>
    public bool RanAtProvider
    {
        get
        {
            foreach (var run in Runs) if (!run.RanAtProvider) return false;
            return true;
        }
    }

    /// <summary>A person is asked.</summary>
    public bool AwaitsAnswer
    {
        get
        {
            foreach (var run in Runs) if (run.AwaitsAnswer) return true;
            return false;
        }
    }

    public TimeSpan Elapsed(long from, long to) => _node.Time.GetElapsedTime(from, to);

    public ToolContext ContextFor(ToolRun run) => new(run, _turn.AgentId, _turn.Id, run.CallId, Options);

    /// <summary>By the owner.</summary>
    public void Add(ToolRun run)
    {
        Volatile.Write(ref _runs, [.. _runs, run]);
        HasNews();
    }

    public ToolRun? Find(string callId)
    {
        foreach (var run in Runs) if (run.CallId == callId) return run;
        return null;
    }

    /// <summary>From any thread.</summary>
    public bool Asks(string requestId)
    {
        foreach (var run in Runs) if (run.RequestId == requestId) return run.AwaitsAnswer;
        return false;
    }

    /// <summary>From any thread: a person's answer. False when nothing waits under that id.</summary>
    public bool Answer(string requestId, bool approved, string? reason)
    {
        foreach (var run in Runs)
        {
            if (run.RequestId != requestId) continue;
            var rejection = approved ? (ToolResult?)null : Rejection(reason);
            if (!run.TryAnswer(rejection)) return false;
            HasNews();
            return true;
        }
        return false;
    }

    /// <summary>The next thing a reader should see, by the owner: a start, an end, a report. Null when there is none.</summary>
    public TurnEvent? TakeNews(bool mayStart) => TakeStart(mayStart) ?? TakeReport();

    /// <summary>Starts the next call that may start.</summary>
    public TurnEvent? TakeStart(bool mayStart) => mayStart ? TryStartNext() : null;

    /// <summary>An end or a report. Ends come first, and reports of all calls in turn: a call that reports without a pause hides no other.</summary>
    public TurnEvent? TakeReport()
    {
        if (Interlocked.Exchange(ref _news, 0) == 0) return null;
        Chaos.Point();
        if ((TakeFinished() ?? TakeProgress()) is not { } report) return null;
        Volatile.Write(ref _news, 1);
        return report;
    }

    /// <summary>From any thread.</summary>
    public void HasNews()
    {
        Volatile.Write(ref _news, 1);
        Chaos.Point();
        _turn.Signal();
    }

    public void Finished(ToolRun run)
    {
        lock (_lock)
        {
            if (_finishedFirst is null) _finishedFirst = run; else _finishedLast!.NextFinished = run;
            _finishedLast = run;
        }
        HasNews();
    }

    public void Terminate() => _terminated = true;

    /// <summary>From the sweep.</summary>
    public void CheckTimeouts(long now)
    {
        foreach (var run in Runs)
        {
            if (run.IsRunning && run.IsLate(now, _limits.ToolTimeout) &&
                run.TryFinish(ToolResult.Error($"timed out after {_limits.ToolTimeout.TotalSeconds:0.###} s.", ToolOutcome.TimedOut))) run.Cancel();
            if (run.AwaitsAnswer && run.IsLate(now, _limits.ApprovalTimeout)) run.TryAnswer(Rejection("nobody answered in time."));
        }
    }

    /// <summary>No call starts any more; those that run are cancelled and all that have no result get one. By the owner.</summary>
    public void Close()
    {
        CancelUnstarted();
        foreach (var run in Runs)
        {
            if (run.TryFinish(ToolResult.Error("cancelled; the outcome is unknown.", ToolOutcome.Cancelled))) run.Cancel();
        }
    }

    /// <summary>Calls that have not started get a result that says so.</summary>
    public void CancelUnstarted()
    {
        foreach (var run in Runs)
            if (run.IsReady || run.AwaitsAnswer) run.TryFinish(NotStarted);
    }

    public static ToolResult NotStarted => ToolResult.Error("cancelled before it started.", ToolOutcome.Cancelled);

    /// <summary>The one tool message of the round, in call order; null when every call is open or ran at the provider.</summary>
    public ChatMessage? Results()
    {
        List<AIContent>? results = null;
        foreach (var run in Runs)
        {
            if (run.RanAtProvider || run.IsOpen && !run.IsDone) continue;
            (results ??= []).Add(run.Content ?? new FunctionResultContent(run.CallId, run.Text));
        }
        return results is null ? null : new ChatMessage(ChatRole.Tool, results);
    }

    public void LogLate(ToolRun run, Exception exception) => _node.Log.LateToolFailure(_turn.AgentId, _turn.Id, run.Name, exception);

    public static ToolResult Rejection(string? reason) => new(ToolOutcome.Rejected,
        "Tool call invocation was rejected by the approver and must not be retried." + (string.IsNullOrWhiteSpace(reason) ? "" : $" Reason: {reason}"));

    private TurnEvent? TakeFinished()
    {
        lock (_lock)
        {
            if (_finishedFirst is not { } finished) return null;
            if (ProgressOf(finished) is { } last) return last;
            (_finishedFirst, finished.NextFinished) = (finished.NextFinished, null);
            finished.IsShown = true;
            return new ToolFinished(finished.CallId, finished.Name, finished.Text, finished.Outcome, finished.Duration);
        }
    }

    private ToolProgress? TakeProgress()
    {
        var runs = Runs;
        for (var i = 0; i < runs.Length; i++)
        {
            _lastReported = (_lastReported + 1) % runs.Length;
            if (ProgressOf(runs[_lastReported]) is { } progress) return progress;
        }
        return null;
    }

    private static ToolProgress? ProgressOf(ToolRun run) => !run.IsShown && run.TakeProgress() is { } value ? new ToolProgress(run.CallId, run.Name, value) : null;

    private ToolStarted? TryStartNext()
    {
        var running = 0;
        foreach (var run in Runs) if (run.IsRunning) running++;
        foreach (var run in Runs)
        {
            if (running >= _limits.MaxParallelTools) return null;
            if (!run.IsReady) continue;
            if (!_turn.Loop.MayGoOn()) return null;
            if (!run.TryStart(Now)) continue;
            _agent.Tell(new AgentProtocol.StartTool(_turn, run));
            return new ToolStarted(run.CallId, run.Name, run.Arguments);
        }
        return null;
    }
}
