using System.Collections.Concurrent;

namespace ActorAgents.Testing;

public sealed partial class ScriptedProvider
{
    private readonly List<RecordedRequest> _requests = [];
    private readonly ConcurrentQueue<string> _violations = new();
    private int _nextIndex;
    private long _pullsNotKept;

    internal Tally CallsTally { get; } = new("requests");
    internal Tally CreatedTally { get; } = new("streams opened");
    internal Tally OpenTally { get; } = new("open streams");
    internal Tally DisposedTally { get; } = new("streams disposed");
    internal Tally StallTally { get; } = new("stalls");
    internal Tally CancelTally { get; } = new("cancellations");

    /// <summary>The requests so far, in the order in which they were made. A copy.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get { lock (_lock) return [.. _requests.OrderBy(r => r.Index)]; }
    }

    /// <summary>Requests made, whether their streams were read or not.</summary>
    public long CallsStarted => CallsTally.Value;

    /// <summary>How often readers asked for the next chunk, over all requests. Without <see cref="KeepRequests"/> a stream is counted when it is disposed.</summary>
    public long ChunksPulled
    {
        get { lock (_lock) return Volatile.Read(ref _pullsNotKept) + _requests.Sum(r => (long)r.Pulls); }
    }

    /// <summary>Enumerators handed out. <c>GetResponseAsync</c> counts as one.</summary>
    public long EnumeratorsCreated => CreatedTally.Value;

    /// <summary>Enumerators disposed.</summary>
    public long EnumeratorsDisposed => DisposedTally.Value;

    /// <summary>Enumerators handed out and not yet disposed: what would be open connections.</summary>
    public long InFlight => OpenTally.Value;

    /// <summary>Requests whose token was cancelled before they were over. Deaf scripts see it too; they only do nothing about it.</summary>
    public long CancellationsSeen => CancelTally.Value;

    /// <summary>How often a script stalled.</summary>
    public long Stalls => StallTally.Value;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>What readers did that an <see cref="IAsyncEnumerator{T}"/> does not allow, a sentence each. Should be empty at the end of a test.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    /// <summary>Completes once so many requests were made in all.</summary>
    public Task CallStartedAsync(int calls = 1) => CallsTally.ReachesAsync(calls);

    /// <summary>Completes once scripts stalled so often in all. To wait at one particular stall, give it a <see cref="Gate"/>.</summary>
    public Task StalledAsync(int stalls = 1) => StallTally.ReachesAsync(stalls);

    /// <summary>Completes once so many requests saw their token cancelled.</summary>
    public Task CancelledAsync(int requests = 1) => CancelTally.ReachesAsync(requests);

    /// <summary>Completes once no stream is open; at once if none is.</summary>
    public Task ReleasedAsync() => OpenTally.IsZeroAsync();

    internal void Violate(int request, string what) => _violations.Enqueue($"Request {request}: {what}.");

    internal void Opened()
    {
        CreatedTally.Add();
        OpenTally.Add();
    }

    internal void Closed(RecordedRequest request)
    {
        if (!KeepRequests) Interlocked.Add(ref _pullsNotKept, request.Pulls);
        DisposedTally.Add();
        OpenTally.Add(-1);
    }

    private void Keep(RecordedRequest request)
    {
        lock (_lock) _requests.Add(request);
    }
}
