using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>One turn of the race: runs it as planned, stops it as planned, and remembers what became of it.</summary>
internal sealed partial class RaceTurn(RaceWorld world, int number, Plan plan)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _produced = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly List<Task> _others = [];
    private readonly long _since = Stopwatch.GetTimestamp();
    private long _usage;
    private int _calls;
    private int _stopped;
    private bool _afterStep;
    private Func<bool>? _stopByHandle;
    private volatile bool _over;
    private volatile bool _done;

    public int Number => number;
    public Plan Plan => plan;
    public string Name { get; } = $"turn {number} of agent {plan.Agent}";
    public TurnId Id { get; } = new($"t{number}");
    public string Input { get; } = $"input {number}.";
    public Agent Agent { get; } = world.Agents[plan.Agent];
    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    public bool IsRunning => !_done;

    /// <summary>What a reader that saw everything says; null when none did.</summary>
    public Oracle? Seen { get; private set; }

    public CallScript NextCall()
    {
        var call = Interlocked.Increment(ref _calls) - 1;
        return call < plan.Calls.Length ? plan.Calls[call] : CallScript.Last();
    }

    /// <summary>By the provider: this is about to be taken.</summary>
    public void Produced(Chunk chunk)
    {
        lock (_lock)
        {
            _produced.Append(chunk.Text);
            _usage += chunk.Usage;
        }
    }

    public (string Text, long Usage) ProducedSoFar()
    {
        lock (_lock) return (_produced.ToString(), _usage);
    }

    public async Task RunAsync()
    {
        foreach (var stop in plan.Stops)
            if (stop.By is not (StopBy.Reader or StopBy.Leaving)) Start(() => StopLaterAsync(stop));
        if (plan.NeedsStop) Start(InsistAsync);
        var removals = world.RemovalsOf(plan.Agent);
        var oracle = new Oracle(this, world.Books);
        switch (plan.Way)
        {
            case Way.Pull: await PullAsync(oracle).ConfigureAwait(false); break;
            case Way.Log: await LogAsync(oracle).ConfigureAwait(false); break;
            default: await SourceAsync(oracle).ConfigureAwait(false); break;
        }
        _over = true;
        Task[] others;
        lock (_lock) others = [.. _others];
        await Task.WhenAll(others).ConfigureAwait(false);
        _done = true;
        if (oracle.Terminal is null) return;
        Seen = oracle;
        JudgeStops(oracle.Terminal, removals != world.RemovalsOf(plan.Agent));
        if (plan.LooksAtHistory && oracle is { HasStarted: true }) await LookAtHistoryAsync(oracle.Terminal, removals).ConfigureAwait(false);
        _caller.Dispose();
    }

    public override string ToString() => $"{Name} ({plan}); produced \"{ProducedSoFar().Text}\", {_calls} calls, stopped {_stopped}, over {_over}";

    private TurnOptions Options => new()
    {
        TurnId = Id,
        OnBusy = plan.OnBusy,
        Pace = plan.Pace,
        Chat = new ChatOptions { ModelId = number.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    /// <summary>The answer to every stop and the terminal event tell the same story.</summary>
    private void JudgeStops(TerminalEvent terminal, bool removed)
    {
        if (_stopped > 1) world.Books.Violate($"{Name}: {_stopped} stops were told that they ended it.");
        if (_stopped == 1 && terminal is not TurnInterrupted { Reason: InterruptReason.User })
            world.Books.Violate($"{Name}: a stop was told that it ended it, the terminal event is {terminal}.");
        var unexplained = terminal is TurnInterrupted interrupted && interrupted.Reason switch
        {
            InterruptReason.User => _stopped == 0 && !removed && !_afterStep && !plan.Has(StopBy.Abort),
            InterruptReason.Caller => !plan.Has(StopBy.Token),
            InterruptReason.ReaderGone => !plan.Leaves && !plan.Has(StopBy.Abort),
            InterruptReason.Halted => !world.Halts,
            InterruptReason.Replaced => false,
            _ => true,
        };
        if (unexplained) world.Books.Violate($"{Name}: nobody asked for {terminal}.");
    }

    /// <summary>Whoever has seen the terminal event finds the turn in the conversation.</summary>
    private async Task LookAtHistoryAsync(TerminalEvent terminal, int removals)
    {
        var messages = await Agent.GetMessagesAsync().ConfigureAwait(false);
        if (world.RemovalsOf(plan.Agent) != removals) return;
        var text = string.Concat(messages.Where(m => m.Role == ChatRole.Assistant && Equals(m.AdditionalProperties?[Conversation.TurnKey], Id.Value)).Select(m => m.Text));
        if (text != terminal.TextSoFar) world.Books.Violate($"{Name}: the conversation has \"{text}\", the terminal event \"{terminal.TextSoFar}\".");
    }

    private void Start(Func<Task> other)
    {
        lock (_lock) _others.Add(Task.Run(other));
    }
}
