using System.Text;

namespace ActorAgents.AspNetCore.Tests.Interop.Proxies;

/// <summary>A word that a server sends at some time. Its first byte must not come again in it.</summary>
/// <param name="Cuts">Whether the connection is cut there, before the word is whole.</param>
internal sealed record Mark(string Word, bool Cuts = false)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(Word);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task ReachedAsync() => _reached.Task.WaitAsync(Patience);

    public bool HasReached => _reached.Task.IsCompleted;

    public bool IsReached(byte next, ref int matched)
    {
        matched = next == _bytes[matched] ? matched + 1 : next == _bytes[0] ? 1 : 0;
        if (matched < _bytes.Length) return false;
        matched = 0;
        return true;
    }

    public void Reached() => _reached.TrySetResult();
}
