using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>
/// A chat client without a model: it answers each request from the next script, remembers what it was asked, counts what was done with its streams, and
/// reports readers that break the rules of <see cref="IAsyncEnumerator{T}"/>. Thread-safe. Where it waits for something, it gives up with a
/// <see cref="TimeoutException"/> after 30 s of real time.
/// </summary>
public sealed partial class ScriptedProvider : IChatClient
{
    private readonly Lock _lock = new();
    private readonly List<ChatScript> _scripts = [];
    private readonly Func<RecordedRequest, ChatScript>? _answer;
    private readonly ChatScript? _always;
    private int _disposed;

    /// <summary>Answers the n-th request with the n-th script. Requests beyond the last script fail.</summary>
    public ScriptedProvider(params ChatScript[] scripts) => _scripts.AddRange(scripts);

    /// <summary>Answers each request with what the function makes of it. It runs on the caller's thread and may be called by several at once.</summary>
    public ScriptedProvider(Func<RecordedRequest, ChatScript> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answer = answer;
    }

    private ScriptedProvider(ChatScript? always) => _always = always;

    /// <summary>Answers every request with the same script.</summary>
    /// <param name="keepRequests">See <see cref="KeepRequests"/>.</param>
    public static ScriptedProvider Always(ChatScript script, bool keepRequests = true)
    {
        ArgumentNullException.ThrowIfNull(script);
        return new(always: script) { KeepRequests = keepRequests };
    }

    /// <summary>The model that its metadata names.</summary>
    public string Model { get; init; } = "scripted-model";

    /// <summary>The clock of delays in scripts. The system's unless given.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether requests are remembered; true unless set. Without it a million requests need no memory, <see cref="Requests"/> stays empty, and
    /// <see cref="ChunksPulled"/> counts a stream when it is disposed.
    /// </summary>
    public bool KeepRequests { get; init; } = true;

    /// <summary>Appends scripts for requests to come.</summary>
    /// <exception cref="InvalidOperationException">The provider was made with a function or a script for all requests.</exception>
    public void Enqueue(params ChatScript[] scripts)
    {
        if (_always is not null || _answer is not null)
            throw new InvalidOperationException("This provider does not answer from a list of scripts, so there is nothing to append to.");
        lock (_lock) _scripts.AddRange(scripts);
    }

    /// <inheritdoc/>
    /// <remarks>The request counts as made now; errors of its script show at the first read.</remarks>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (request, script) = Begin(messages, options, isStreaming: true);
        return new ScriptedStream(this, request, script, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (request, script) = Begin(messages, options, isStreaming: false);
        var updates = new List<ChatResponseUpdate>();
        IAsyncEnumerable<ChatResponseUpdate> stream = new ScriptedStream(this, request, script, cancellationToken);
        await foreach (var update in stream.ConfigureAwait(false)) updates.Add(update);
        return WholeResponse.Of(updates);
    }

    /// <summary>Gives <see cref="ChatClientMetadata"/> (provider name <c>scripted</c>) and itself.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata("scripted", defaultModelId: Model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Requests made afterwards are violations.</summary>
    public void Dispose() => Volatile.Write(ref _disposed, 1);

    private (RecordedRequest, ChatScript) Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStreaming)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var keep = KeepRequests || _answer is not null;
        var request = new RecordedRequest(Interlocked.Increment(ref _nextIndex) - 1, isStreaming, keep ? messages : null, keep ? options : null);
        if (KeepRequests) Keep(request);
        CallsTally.Add();
        if (IsDisposed) Violate(request.Index, "made after the provider was disposed");
        return (request, _always ?? _answer?.Invoke(request) ?? FromList(request.Index));
    }

    private ChatScript FromList(int index)
    {
        lock (_lock)
        {
            if (index < _scripts.Count) return _scripts[index];
            var (made, had) = (index + 1, _scripts.Count);
            return Script.Empty.Throw(() => new InvalidOperationException(
                $"The scripted provider was asked {made} times but has {had} script{(had == 1 ? "" : "s")}: give it one per request, or ScriptedProvider.Always."));
        }
    }
}
