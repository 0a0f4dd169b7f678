using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorAgents;

/// <summary>Counts and logs provider calls that outlive their reader.</summary>
internal sealed partial class CallCounter(ILogger logger)
{
    /// <summary>For calls that belong to no runtime.</summary>
    public static readonly CallCounter Unwatched = new(NullLogger.Instance);

    private long _abandoned;

    /// <summary>Calls that ignored their cancellation and have not returned yet.</summary>
    public long Current => Interlocked.Read(ref _abandoned);

    public void Abandon() => Interlocked.Increment(ref _abandoned);

    public void Return() => Interlocked.Decrement(ref _abandoned);

    /// <summary>An exception that came after its call had ended; it concerns nobody any more.</summary>
    public void Discarded(Provider provider, Exception exception)
    {
        if (exception is not OperationCanceledException) LogDiscarded(logger, provider.Name, exception);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A call of provider {Provider} failed after it had ended.")]
    private static partial void LogDiscarded(ILogger logger, string provider, Exception exception);
}
