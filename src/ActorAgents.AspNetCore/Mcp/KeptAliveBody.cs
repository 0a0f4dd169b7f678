using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The body of a response whose event stream another writes, a whole frame at a time. Comments keep it alive between the frames, and it begins though
/// there is no frame yet: clients wait for a response's head less long than for its end.
/// </summary>
internal sealed class KeptAliveBody : Stream
{
    /// <summary>An answer that comes at once goes out in one piece.</summary>
    private static readonly TimeSpan BeginsAfter = TimeSpan.FromMilliseconds(250);

    private static readonly byte[] Comment = [.. ": keep-alive\n\n"u8];

    private readonly HttpContext _http;
    private readonly Stream _body;
    private readonly CancellationToken _gone;
    private readonly SemaphoreSlim _pen = new(1); // Held by whoever writes: a frame or a keep-alive.
    private ITimer? _keepAlive;
    private bool _begun;

    private KeptAliveBody(HttpContext http)
    {
        (_http, _body, _gone) = (http, http.Response.Body, http.RequestAborted);
        http.Response.Body = this;
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes the place of the response's body until it is disposed.</summary>
    public static KeptAliveBody Of(HttpContext http) => new(http);

    /// <summary>
    /// Keeps the response alive from here on. The head must be complete, and no error may follow that has a status: the response may begin at any instant.
    /// </summary>
    public static void KeepAlive(HttpContext http)
    {
        var (time, every) = (http.Settings().Time, http.Settings().Options.KeepAlive);
        if (http.Response.Body is KeptAliveBody body) body._keepAlive = time.CreateTimer(static body => _ = ((KeptAliveBody)body!).KeepAliveAsync(), body, BeginsAfter, every);
    }

    /// <param name="cancellationToken">Is ignored: a frame that is cut would break those that follow it. The caller's going stops it.</param>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _pen.WaitAsync(_gone);
        try { await _body.WriteAsync(buffer, _gone); }
        finally { _pen.Release(); }
    }

    /// <param name="cancellationToken">Is ignored, as for a write.</param>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _pen.WaitAsync(_gone);
        try { await _body.FlushAsync(_gone); }
        finally { _pen.Release(); }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        if (_keepAlive is not null) await _keepAlive.DisposeAsync();
        await _pen.WaitAsync(); // A keep-alive may be on its way; the pen stays taken, so that none follows.
        _http.Response.Body = _body;
    }

    public override void Flush() => throw new NotSupportedException();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task KeepAliveAsync()
    {
        if (!_pen.Wait(0)) return;
        try
        {
            if (_begun) await _body.WriteAsync(Comment, _gone);
            _begun = true;
            await _body.FlushAsync(_gone);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The connection is gone; the request ends for the same reason.
        }
        finally
        {
            _pen.Release();
        }
    }
}
