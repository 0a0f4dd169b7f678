using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// One tool call from the moment the model asked for it to its result. It gets exactly one result: whichever comes first of the tool's, its timeout,
/// its cancellation or a person's refusal. What comes later is dropped.
/// </summary>
internal sealed class ToolRun : IToolCallOwner, IThreadPoolWorkItem
{
    private const int Asked = 0, Ready = 1, Running = 2, Done = 3;

    private readonly ToolRound _round;
    private readonly CancellationTokenSource _cancellation = new();
    private int _state;
    private int _abandoned;
    private bool _returned;
    private string? _progress;
    private long _since; // when it was asked for, then when it started

    public ToolRun(ToolRound round, FunctionCallContent call, AIFunction? function, string? requestId)
    {
        (_round, Call, Function, RequestId) = (round, call, function, requestId);
        _state = requestId is null ? Ready : Asked;
        if (requestId is not null) _since = round.Now;
    }

    public FunctionCallContent Call { get; }
    public AIFunction? Function { get; }

    /// <summary>Set while, and after, a person is asked.</summary>
    public string? RequestId { get; }

    public ToolThreads Threads => _round.Threads;
    public string Name => Call.Name;
    public string CallId => Call.CallId;
    public IReadOnlyDictionary<string, object?> Arguments => Call.Arguments as IReadOnlyDictionary<string, object?> ?? Call.Arguments?.AsReadOnly() ?? NoArguments;

    /// <summary>A call whose result the caller brings with a later input. It has no result here.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The provider ran it itself; its result is part of the response.</summary>
    public bool RanAtProvider { get; set; }

    /// <summary>Its end was given to the reader, after which nothing more is said of it. The owner's.</summary>
    public bool IsShown { get; set; }

    public bool IsDone => Volatile.Read(ref _state) == Done;
    public bool IsReady => Volatile.Read(ref _state) == Ready && !IsOpen;
    public bool IsRunning => Volatile.Read(ref _state) == Running;
    public bool AwaitsAnswer => Volatile.Read(ref _state) == Asked;

    // Written before the state says Done.
    public ToolOutcome Outcome { get; private set; }
    public string Text { get; private set; } = "";
    public FunctionResultContent? Content { get; private set; }
    public bool Threw { get; private set; }
    public TimeSpan Duration { get; private set; }
    public Exception? Failure { get; private set; }

    /// <summary>The next finished call whose end no reader has seen; the round's list.</summary>
    public ToolRun? NextFinished;

    private static readonly IReadOnlyDictionary<string, object?> NoArguments = new Dictionary<string, object?>();

    /// <summary>A person's answer. False when it was answered before or the call is over.</summary>
    public bool TryAnswer(ToolResult? rejection)
    {
        lock (_cancellation)
        {
            if (_state != Asked) return false;
            if (rejection is { } result) SetResult(result); else Volatile.Write(ref _state, Ready);
        }
        if (rejection is not null) _round.Finished(this);
        return true;
    }

    /// <summary>False when the call got a result before it could start.</summary>
    public bool TryStart(long now)
    {
        lock (_cancellation)
        {
            if (_state != Ready) return false;
            _since = now;
            Volatile.Write(ref _state, Running);
            return true;
        }
    }

    /// <summary>Gives the call its result. False when it has one.</summary>
    public bool TryFinish(ToolResult result)
    {
        lock (_cancellation)
        {
            if (_state == Done) return false;
            if (_state == Running) Duration = _round.Elapsed(_since, _round.Now);
            SetResult(result);
        }
        Chaos.Point();
        _round.Finished(this);
        return true;
    }

    /// <summary>It had its result, and readers saw it, before it came here.</summary>
    public void WasFinished(ToolResult result)
    {
        SetResult(result);
        IsShown = true;
    }

    /// <summary>Whether the call runs, or waits for its answer, for longer than it may.</summary>
    public bool IsLate(long now, TimeSpan timeout) => timeout != Timeout.InfiniteTimeSpan && _round.Elapsed(_since, now) >= timeout;

    /// <summary>Cancels the tool's token elsewhere, since that may run foreign code.</summary>
    public void Cancel() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        try { _cancellation.Cancel(); }
        catch (AggregateException exception) { _round.LogLate(this, exception); }
    }

    /// <summary>Runs the tool. Completes when it returned, however late; fails only with what a listener or logger throws.</summary>
    public async Task InvokeAsync()
    {
        Chaos.Point();
        try { if (IsRunning) await RunAsync().ConfigureAwait(false); }
        finally
        {
            lock (_cancellation)
            {
                _returned = true;
                if (_abandoned == 1) _round.Abandoned.Return();
            }
        }
    }

    private async Task RunAsync()
    {
        using var activity = Telemetry.StartTool(_round.Activity, this);
        var result = await ToolInvoker.InvokeAsync(this, _round, _cancellation.Token).ConfigureAwait(false);
        if (!TryFinish(result) && result.Failure is { } late) _round.LogLate(this, late);
        if (activity is not null && _round.SensitiveTelemetry) SensitiveTags.Set(activity, this);
        Telemetry.EndTool(activity, this);
    }

    /// <summary>Nobody waits any longer for a tool that ignores its token.</summary>
    public void Abandon()
    {
        lock (_cancellation)
        {
            if (_returned || _abandoned == 1) return;
            _abandoned = 1;
            _round.Abandoned.Abandon();
        }
    }

    void IToolCallOwner.Report(string value)
    {
        if (IsDone) return;
        Chaos.Point();
        Interlocked.Exchange(ref _progress, value);
        _round.HasNews();
    }

    void IToolCallOwner.Terminate()
    {
        if (!IsDone) _round.Terminate();
    }

    private void SetResult(ToolResult result)
    {
        (Outcome, Text, Content, Threw, Failure) = (result.Outcome, result.Text, result.Content, result.Threw, result.Failure);
        Volatile.Write(ref _state, Done);
    }

    public string? TakeProgress() => _progress is null ? null : Interlocked.Exchange(ref _progress, null);
}

/// <summary>How a call ended, as the model and the readers will see it.</summary>
internal readonly record struct ToolResult(ToolOutcome Outcome, string Text, FunctionResultContent? Content = null, bool Threw = false, Exception? Failure = null)
{
    public static ToolResult Error(string text, ToolOutcome outcome = ToolOutcome.Failed) => new(outcome, "Error: " + text);
}
