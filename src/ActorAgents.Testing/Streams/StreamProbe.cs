namespace ActorAgents.Testing;

/// <summary>
/// Reads a stream one element at a time, as the test says: nothing is pulled before it is asked for. Every wait is bounded by real time (30 s unless given)
/// and fails with a <see cref="TimeoutException"/> that tells how far the stream had come. For one test at a time; never pulls twice at once.
/// </summary>
public sealed class StreamProbe<T> : IAsyncDisposable
{
    private readonly IAsyncEnumerable<T> _stream;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _patience;
    private readonly List<T> _seen = [];
    private IAsyncEnumerator<T>? _reader;
    private Task<bool>? _pull;
    private bool _disposed;

    /// <param name="patience">The bound on each wait.</param>
    public StreamProbe(IAsyncEnumerable<T> stream, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _patience) = (stream, patience ?? Patience.Default);
    }

    /// <summary>What was read so far, in order.</summary>
    public IReadOnlyList<T> Seen => _seen;

    /// <summary>Asks for the next element without waiting for it; does nothing while a question is open. The stream's code runs on this thread until it waits.</summary>
    public void Pull()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pull is not null) return;
        _reader ??= _stream.GetAsyncEnumerator(_stop.Token);
        _pull = _reader.MoveNextAsync().AsTask();
    }

    /// <summary>Asks for the next element if nothing is asked yet, and tells whether the stream has not answered so far.</summary>
    public bool TryPending()
    {
        Pull();
        return !_pull!.IsCompleted;
    }

    /// <summary>The next element.</summary>
    /// <exception cref="StreamProbeException">The stream ended instead. If it failed, that exception is thrown as it is.</exception>
    public async Task<T> NextAsync()
    {
        if (!await AnswerAsync("an element").ConfigureAwait(false))
            throw new StreamProbeException($"Expected an element; the stream completed after {Count}.");
        _seen.Add(_reader!.Current);
        return _reader.Current;
    }

    /// <summary>The next element, which must be of that type.</summary>
    /// <exception cref="StreamProbeException">It is of another type, or the stream ended.</exception>
    public async Task<TElement> NextAsync<TElement>() where TElement : T =>
        await NextAsync().ConfigureAwait(false) is TElement element
            ? element
            : throw new StreamProbeException($"Expected {typeof(TElement).Name}; element {_seen.Count} is {_seen[^1]}.");

    /// <summary>The next elements.</summary>
    public async Task<IReadOnlyList<T>> NextAsync(int count)
    {
        var elements = new List<T>(count);
        while (elements.Count < count) elements.Add(await NextAsync().ConfigureAwait(false));
        return elements;
    }

    /// <summary>
    /// Asks for the next element and checks that the stream does not answer. With <paramref name="until"/>: not before that is done, which proves it where the
    /// event would have come first. Without: not while the thread pool runs what it has to run now, which finds an event that is due and cannot prove more.
    /// </summary>
    public async Task ExpectNoEventAsync(Task? until = null)
    {
        Pull();
        if (until is not null) await Patience.BoundAsync(until, () => "What was to come first did not come", _patience).ConfigureAwait(false);
        for (var round = 0; round < 20 && !_pull!.IsCompleted; round++) await Task.Run(static () => { }).ConfigureAwait(false);
        if (_pull!.IsCompleted) throw new StreamProbeException($"Expected no event after {Count}; the stream {WhatCame(_pull)}.");
    }

    /// <summary>Checks that the stream completes next.</summary>
    public async Task ExpectCompleteAsync()
    {
        if (!await AnswerAsync("the end").ConfigureAwait(false)) return;
        _seen.Add(_reader!.Current);
        throw new StreamProbeException($"Expected the end after {_seen.Count - 1} elements; the stream gave {_seen[^1]}.");
    }

    /// <summary>Checks that the stream fails next, with that exception or one derived from it, and gives it.</summary>
    public async Task<TException> ExpectFailureAsync<TException>() where TException : Exception
    {
        bool given;
        try
        {
            given = await AnswerAsync(typeof(TException).Name).ConfigureAwait(false);
        }
        catch (TException failure) when (_pull is null) // An open question means that nothing came, which is this probe's own failure.
        {
            return failure;
        }
        throw new StreamProbeException($"Expected {typeof(TException).Name} after {Count}; the stream {(given ? $"gave {_reader!.Current}" : "completed")}.");
    }

    /// <summary>Reads to the end and gives everything seen, earlier elements included. A failure of the stream is thrown as it is. Each element has the whole patience.</summary>
    public async Task<IReadOnlyList<T>> ReadAllAsync()
    {
        while (await AnswerAsync("the rest").ConfigureAwait(false)) _seen.Add(_reader!.Current);
        return _seen;
    }

    /// <summary>Cancels the token that the stream was given. What it answers is still to be read.</summary>
    public Task CancelAsync() => _stop.CancelAsync();

    /// <summary>Leaves the stream. An open question is cancelled and its answer waited for first (30 s), as the rules of async streams demand; so is what the stream does when it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_pull is { } open)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await Patience.BoundAsync(((Task)open).ContinueWith(static _ => { }, TaskScheduler.Default),
                () => "The stream was cancelled to leave it and did not answer").ConfigureAwait(false);
            _ = open.Exception;
        }
        if (_reader is not null) await Patience.BoundAsync(_reader.DisposeAsync().AsTask(), () => "The stream was left and did not come to its end").ConfigureAwait(false);
        _stop.Dispose();
    }

    private string Count => $"{_seen.Count} element{(_seen.Count == 1 ? "" : "s")}";

    private async Task<bool> AnswerAsync(string expected)
    {
        Pull();
        var pull = _pull!;
        // A wait that ran out leaves the question open; any answer, a failure too, closes it.
        await Patience.BoundAsync(((Task)pull).ContinueWith(static _ => { }, TaskScheduler.Default),
            () => $"Expected {expected} after {Count}; nothing came", _patience).ConfigureAwait(false);
        _pull = null;
        return await pull.ConfigureAwait(false);
    }

    private string WhatCame(Task<bool> pull) => pull.IsFaulted ? $"failed with {pull.Exception.InnerException}" : pull.IsCanceled ? "was cancelled"
        : pull.GetAwaiter().GetResult() ? $"gave {_reader!.Current}" : "completed";
}

/// <summary>A stream did not do what the test expected of it.</summary>
public sealed class StreamProbeException(string message) : Exception(message);

/// <summary>Makes probes.</summary>
public static class StreamProbe
{
    /// <summary>A probe of this stream; nothing is read yet.</summary>
    public static StreamProbe<T> Probe<T>(this IAsyncEnumerable<T> stream, TimeSpan? patience = null) => new(stream, patience);
}
