using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>
/// A tool under test control: what it answers, when, and whether it listens is for the test to say; what was done with it can be counted and awaited.
/// Thread-safe once set up: set it up before its first call. Waits give up after 30 s of real time.
/// </summary>
public sealed partial class ScriptedTool : AIFunction
{
    private readonly List<Func<ScriptedToolCall, CancellationToken, ValueTask>> _steps = [];
    private readonly ConcurrentQueue<ScriptedToolCall> _calls = new();
    private readonly Tally _started;
    private readonly Tally _ended;
    private readonly Tally _cancelled;
    private Func<ScriptedToolCall, object?> _answer;
    private bool _deaf;
    private int _nextIndex;
    private int _running;
    private int _mostRunning;

    /// <param name="answer">Makes the result; <c>ok</c> unless given or set by <see cref="Returns"/>.</param>
    /// <param name="parameters">The names of its parameters, each of any type and optional.</param>
    public ScriptedTool(string name, Func<ScriptedToolCall, object?>? answer = null, params IEnumerable<string> parameters)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        JsonSchema = JsonSerializer.SerializeToElement(new { type = "object", properties = parameters.ToDictionary(p => p, _ => new { }) });
        _answer = answer ?? (_ => "ok");
        _started = new($"calls of {name}");
        _ended = new($"ended calls of {name}");
        _cancelled = new($"cancelled calls of {name}");
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description => $"The scripted tool {Name}.";

    /// <inheritdoc/>
    public override JsonElement JsonSchema { get; }

    /// <summary>The calls so far, in the order in which they started. A copy.</summary>
    public IReadOnlyList<ScriptedToolCall> Calls => [.. _calls.OrderBy(c => c.Index)];

    /// <summary>How many calls started.</summary>
    public long Started => _started.Value;

    /// <summary>How many calls returned or threw.</summary>
    public long Ended => _ended.Value;

    /// <summary>How many calls run now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The most calls that ever ran at once.</summary>
    public int MostRunning => Volatile.Read(ref _mostRunning);

    /// <summary>How many calls saw their token cancelled while they ran, whether they listened or not.</summary>
    public long CancellationsSeen => _cancelled.Value;

    /// <summary>Completes once so many calls started in all.</summary>
    public Task StartedAsync(int calls = 1) => _started.ReachesAsync(calls);

    /// <summary>Completes once so many calls returned or threw in all.</summary>
    public Task EndedAsync(int calls = 1) => _ended.ReachesAsync(calls);

    /// <summary>Completes once so many calls saw their token cancelled.</summary>
    public Task CancelledAsync(int calls = 1) => _cancelled.ReachesAsync(calls);

    /// <inheritdoc/>
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = new ScriptedToolCall(Interlocked.Increment(ref _nextIndex) - 1, arguments);
        Enter();
        _calls.Enqueue(call);
        await using var watch = cancellationToken.UnsafeRegister(static tally => ((Tally)tally!).Add(), _cancelled).ConfigureAwait(false);
        _started.Add();
        try
        {
            foreach (var step in _steps)
            {
                if (!_deaf) cancellationToken.ThrowIfCancellationRequested();
                await step(call, _deaf ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
            }
            return _answer(call);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _ended.Add();
        }
    }

    private void Enter()
    {
        var running = Interlocked.Increment(ref _running);
        for (var most = Volatile.Read(ref _mostRunning); running > most;)
        {
            var seen = Interlocked.CompareExchange(ref _mostRunning, running, most);
            if (seen == most) break;
            most = seen;
        }
    }
}
