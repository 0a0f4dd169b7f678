namespace ActorAgents.Testing;

public sealed partial class ScriptedTool
{
    /// <summary>Every call returns this.</summary>
    public ScriptedTool Returns(object? result) => Answers(_ => result);

    /// <summary>Every call returns what the function makes of it.</summary>
    public ScriptedTool Answers(Func<ScriptedToolCall, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answer = answer;
        return this;
    }

    /// <summary>Every call throws this.</summary>
    public ScriptedTool Throws(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Answers(_ => throw exception);
    }

    /// <summary>Every call stops here until the gate lets it on or it is cancelled.</summary>
    public ScriptedTool Holds(Gate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return Then((_, cancellationToken) => new(gate.WaitAsync(cancellationToken)));
    }

    /// <summary>Every call stops here until the gate, which this makes, lets it on or it is cancelled.</summary>
    public ScriptedTool Holds(out Gate gate) => Holds(gate = new Gate());

    /// <summary>Calls take no notice of cancellation: a held call goes on only by its gate.</summary>
    public ScriptedTool IgnoresCancellation()
    {
        _deaf = true;
        return this;
    }

    /// <summary>Every call blocks its thread here until the gate lets it on; cancelling does not help.</summary>
    public ScriptedTool BlocksSynchronously(out Gate gate)
    {
        var held = gate = new Gate();
        return Then((_, _) =>
        {
            held.WaitAsync(CancellationToken.None).GetAwaiter().GetResult();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Every call reports these, in order, through its <see cref="ToolContext"/>; without one that does nothing.</summary>
    public ScriptedTool Reports(params IEnumerable<string> values)
    {
        string[] reports = [.. values];
        return Does(call =>
        {
            foreach (var report in reports) call.Context?.Report(report);
        });
    }

    /// <summary>Every call ends its turn after the round, through its <see cref="ToolContext"/>.</summary>
    public ScriptedTool Terminates() => Does(call => call.Context?.Terminate());

    /// <summary>Every call waits here, by that clock; the system's unless given.</summary>
    public ScriptedTool Delays(TimeSpan delay, TimeProvider? time = null) =>
        Then((_, cancellationToken) => new(Task.Delay(delay, time ?? TimeProvider.System, cancellationToken)));

    /// <summary>Every call does this here.</summary>
    public ScriptedTool Does(Action<ScriptedToolCall> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Then((call, _) =>
        {
            action(call);
            return ValueTask.CompletedTask;
        });
    }

    private ScriptedTool Then(Func<ScriptedToolCall, CancellationToken, ValueTask> step)
    {
        _steps.Add(step);
        return this;
    }
}
