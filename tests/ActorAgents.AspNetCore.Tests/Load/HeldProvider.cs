using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Load;

/// <summary>Gives each call its first piece and holds the rest until all are let go.</summary>
internal sealed class HeldProvider(int pieces) : IChatClient
{
    private TaskCompletionSource _letGo = new(), _held = new();
    private int _open, _toHold;

    public IReadOnlyList<string> Pieces { get; } = [.. Enumerable.Range(0, pieces).Select(i => $"piece {i}, ")];

    /// <summary>Calls that have not been left.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Holds calls from now on. Completes when so many are held.</summary>
    public Task HoldAsync(int calls)
    {
        _toHold = calls;
        _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _held.Task;
    }

    public void LetGo() => _letGo.SetResult();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _open);
        try
        {
            for (var i = 0; i < Pieces.Count; i++)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, Pieces[i]) { FinishReason = i == Pieces.Count - 1 ? ChatFinishReason.Stop : null };
                if (i > 0) continue;
                if (Interlocked.Decrement(ref _toHold) == 0) _held.SetResult();
                await _letGo.Task.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("It only streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
