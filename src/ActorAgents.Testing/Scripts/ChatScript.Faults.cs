using System.Net;

namespace ActorAgents.Testing;

public sealed partial class ChatScript
{
    /// <summary>Stops here until cancelled. With <see cref="IgnoreCancellation"/>: for good.</summary>
    public ChatScript Stall() => Stall(new Gate());

    /// <summary>Stops here until the gate lets it on or the request is cancelled.</summary>
    public ChatScript Stall(Gate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return Then(new ScriptStep(StepKind.Stall, gate));
    }

    /// <summary>Stops here until the gate, which this makes, lets it on or the request is cancelled.</summary>
    public ChatScript Stall(out Gate gate) => Stall(gate = new Gate());

    /// <summary>The whole script is deaf to cancellation: it neither stops at a chunk nor leaves a stall or delay because of it.</summary>
    public ChatScript IgnoreCancellation() => new(this, []) { IsDeaf = true };

    /// <summary>Blocks the thread that reads, as a badly written provider does, until the gate lets it on; cancelling does not help.</summary>
    public ChatScript BlockSynchronously(Gate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return Then(new ScriptStep(StepKind.Block, gate));
    }

    /// <inheritdoc cref="BlockSynchronously(Gate)"/>
    public ChatScript BlockSynchronously(out Gate gate) => BlockSynchronously(gate = new Gate());

    /// <summary>Waits here, by the provider's <see cref="ScriptedProvider.Time"/>.</summary>
    public ChatScript Delay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return Then(new ScriptStep(StepKind.Delay, delay));
    }

    /// <summary>Waits between any two chunks of the whole script, the finish included, by the provider's <see cref="ScriptedProvider.Time"/>.</summary>
    public ChatScript DelayBetween(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(this, []) { Pause = delay };
    }

    /// <summary>What follows comes asynchronously, on a thread of the pool. Without it, chunks are there as soon as asked for.</summary>
    public ChatScript Yield() => Then(new ScriptStep(StepKind.Yield));

    /// <summary>Every chunk of the whole script comes asynchronously, on a thread of the pool.</summary>
    public ChatScript YieldBetween() => new(this, []) { Yields = true };

    /// <summary>Fails here. Every run throws this same instance.</summary>
    public ChatScript Throw(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Throw(() => exception);
    }

    /// <summary>Fails here, each run with an exception of its own.</summary>
    public ChatScript Throw(Func<Exception> exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Then(new ScriptStep(StepKind.Throw, exception));
    }

    /// <summary>Fails here with an <see cref="HttpRequestException"/> of that HTTP status.</summary>
    public ChatScript Fails(int statusCode, string? message = null) => Throw(() => Http(statusCode, message));

    /// <summary>
    /// Fails here with an <see cref="HttpRequestException"/> of status 429. The wait that the provider asks for is in its <see cref="Exception.Data"/>
    /// under <c>Retry-After</c>, as a <see cref="TimeSpan"/>.
    /// </summary>
    public ChatScript RateLimited(TimeSpan? retryAfter = null) => Throw(() =>
    {
        var exception = Http(429, "Too many requests.");
        if (retryAfter is { } wait) exception.Data["Retry-After"] = wait;
        return exception;
    });

    private static HttpRequestException Http(int status, string? message) =>
        new(message ?? $"The scripted provider answered with status {status}.", null, (HttpStatusCode)status);
}
