using System.Collections.Concurrent;

namespace ActorAgents.Host.Tests.Chat;

/// <summary>A person's keyboard: a read blocks until a line is typed, as a terminal's does.</summary>
internal sealed class TypedLines(params string?[] lines) : TextReader
{
    private readonly BlockingCollection<string?[]> _lines = [.. lines.Select(l => new[] { l })];

    public void Type(string? line) => _lines.Add([line]);

    /// <summary>Completed when a line is waited for and none has been typed.</summary>
    public TaskCompletionSource Awaited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string? ReadLine()
    {
        if (_lines.TryTake(out var typed)) return typed[0];
        Awaited.TrySetResult();
        return _lines.Take()[0];
    }
}
