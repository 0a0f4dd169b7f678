using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The body of a response whose event stream another writes, a whole frame at a time. Comments keep it alive between the frames, and it begins though
/// there is no frame yet: clients wait for a response's head less long than for its end.
/// </summary>
internal sealed class KeptAliveBody : Stream
{
    /// <summary>An error that comes at once still has a status.</summary>
    private static readonly TimeSpan BeginsAfter = TimeSpan.FromMilliseconds(250);

    private static readonly byte[] Comment = [.. ": keep-alive\n\n"u8];

    private readonly HttpContext _http;
    private readonly Stream _body;
    private readonly SemaphoreSlim _pen = new(1); // Held by whoever writes: a frame or a keep-alive.
    private readonly ITimer _keepAlive;
    private bool _begun;

    private KeptAliveBody(HttpContext http, TimeProvider time, TimeSpan keepAlive)
    {
        (_http, _body) = (http, http.Response.Body);
        http.Response.Body = this;
        _keepAlive = time.CreateTimer(static body => _ = ((KeptAliveBody)body!).KeepAliveAsync(), this, BeginsAfter, keepAlive);
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes the place of the response's body until it is disposed.</summary>
    public static KeptAliveBody Begin(HttpContext http) => new(http, http.Settings().Time, http.Settings().Options.KeepAlive);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _pen.WaitAsync(cancellationToken);
        try { await _body.WriteAsync(buffer, cancellationToken); }
        finally { _pen.Release(); }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _pen.WaitAsync(cancellationToken);
        try { await _body.FlushAsync(cancellationToken); }
        finally { _pen.Release(); }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await _keepAlive.DisposeAsync();
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
            if (_http.Response.ContentType != "text/event-stream") return;
            if (_begun) await _body.WriteAsync(Comment, _http.RequestAborted);
            _begun = true;
            await _body.FlushAsync(_http.RequestAborted);
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
