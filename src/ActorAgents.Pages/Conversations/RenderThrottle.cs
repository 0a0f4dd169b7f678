namespace ActorAgents.Pages;

/// <summary>
/// Turns any number of changes into a few renderings a second. What comes at once is rendered together, and the larger the part that has to be rendered
/// again, the longer the pause, so that a long block neither fills the processor nor the browser's connection.
/// </summary>
internal sealed class RenderThrottle(TimeProvider time, Action render) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    private const int CharsPerMillisecond = 100;

    private readonly CancellationTokenSource _closed = new();
    private long _rendered;
    private bool _scheduled;

    /// <param name="length">Characters that the next rendering sends again.</param>
    public void Touch(int length)
    {
        if (_scheduled || _closed.IsCancellationRequested) return;
        _scheduled = true;
        _ = RenderAsync(Pause + TimeSpan.FromMilliseconds(length / CharsPerMillisecond));
    }

    public void Dispose() => _closed.Cancel();

    private async Task RenderAsync(TimeSpan pause)
    {
        var left = _rendered == 0 ? TimeSpan.Zero : pause - time.GetElapsedTime(_rendered);
        if (left > TimeSpan.Zero) await Task.Delay(left, time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        else await Task.Yield();
        if (_closed.IsCancellationRequested) return;
        _scheduled = false;
        _rendered = time.GetTimestamp();
        render();
    }
}
