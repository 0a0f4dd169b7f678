namespace ActorAgents.Host.Chat;

/// <summary>
/// Lines from a person. A read of a terminal cannot be cancelled, so a read that was given up stays and its line goes to the next who asks.
/// </summary>
internal sealed class LineReader(TextReader reader)
{
    private Task<string?>? _pending;

    /// <summary>The next line; null at the end of the input.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        _pending ??= Task.Run(reader.ReadLine, CancellationToken.None);
        var line = await _pending.WaitAsync(cancellationToken);
        _pending = null;
        return line;
    }
}
