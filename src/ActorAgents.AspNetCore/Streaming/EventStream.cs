using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The one way from a turn to a response. Pulls an event, writes it, and pulls the next; the connection is flushed before each wait and, while events
/// come without one, at each <see cref="FlushAt"/> bytes. A flush waits for a client that does not read, and so does the pull: backpressure reaches
/// the provider, and what a slow client can keep here is the pipe's bound.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    private const int FlushAt = 16 * 1024;

    private readonly HttpContext _http;
    private readonly SseWriter _frames;
    private readonly PipeWriter _body;
    private readonly SemaphoreSlim _pen = new(1); // Held by whoever writes: the turn's events or a keep-alive.
    private readonly ITimer _keepAlive;
    private long _told; // The last event that a client may keep.

    private EventStream(HttpContext http, TimeProvider time, TimeSpan keepAlive)
    {
        (_http, _body) = (http, http.Response.BodyWriter);
        _frames = new SseWriter(_body);
        _keepAlive = time.CreateTimer(static stream => _ = ((EventStream)stream!).KeepAliveAsync(), this, keepAlive, keepAlive);
    }

    /// <summary>Answers with the events of a turn. The client's going cancels the reading: what that means is the turn's affair.</summary>
    /// <exception cref="HttpErrorException">The turn ended without completing before anything was written.</exception>
    public static async Task RespondAsync(HttpContext http, IAsyncEnumerable<TurnEvent> events, TurnFormat format)
    {
        var settings = http.Settings();
        await using var stream = new EventStream(http, settings.Time, settings.Options.KeepAlive);
        await using var turn = events.GetAsyncEnumerator(http.RequestAborted);
        await stream.CopyAsync(turn, format);
    }

    public async ValueTask DisposeAsync()
    {
        await _keepAlive.DisposeAsync();
        await _pen.WaitAsync(); // A keep-alive may be on its way; the pen stays taken, so that none follows.
        _frames.Dispose();
    }

    private async Task CopyAsync(IAsyncEnumerator<TurnEvent> turn, TurnFormat format)
    {
        await _pen.WaitAsync();
        try
        {
            Open(format);
            while (true)
            {
                var pull = turn.MoveNextAsync();
                if (!(pull.IsCompleted ? await pull : await WaitAsync(pull))) break;
                var next = Told(turn.Current, format);
                if (!_frames.HasWritten && !format.IsFollowed && format.Failure(next) is { } error) throw new HttpErrorException(error);
                if (!_frames.HasWritten) Begin(next.Turn);
                format.Write(next, _frames);
                if (format.EndsWith(next)) break;
                if (_frames.Unflushed >= FlushAt) await FlushAsync();
            }
            if (_frames.HasWritten) await FlushAsync();
            else _http.Response.StatusCode = StatusCodes.Status204NoContent; // Nothing is left to read: an EventSource takes it as the end and stays away.
        }
        catch (RuntimeStoppedException) when (!_frames.HasWritten && format.IsFollowed)
        {
            Begin();
            _frames.Comment("stopping"u8);
            await FlushAsync();
        }
        catch (Exception exception) when (_frames.HasWritten)
        {
            _http.Abort(); // What was written cannot be taken back: the client must see that the stream was cut.
            if (exception is not (OperationCanceledException or IOException or RuntimeStoppedException)) WireEndpoints.Broke(_http, exception);
        }
        finally
        {
            _pen.Release();
        }
    }

    /// <summary>The event, or the end of the response in its place where the client would go on with what is withdrawn.</summary>
    private TurnEvent Told(TurnEvent next, TurnFormat format)
    {
        if (next is not Reset reset)
        {
            if (next is not (TurnStarted or StepFinished or Retrying)) _told = next.Seq;
            return next;
        }
        if (format.Withdraws || _told <= reset.FromSeq) return next;
        var error = new TurnError(TurnErrorKind.Transient, "The process that ran the turn ended, and what the answer has since its last step is withdrawn, for which this protocol has no word. Ask again.");
        return new TurnFailed(error, "", TokenUsage.None) { Turn = next.Turn, Epoch = next.Epoch, Seq = next.Seq };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // It waits once per event of a turn.
    private async ValueTask<bool> WaitAsync(ValueTask<bool> pull)
    {
        try
        {
            if (_frames.HasWritten) await FlushAsync();
            _pen.Release();
        }
        catch // The connection broke. Whoever asked for the event must have taken it before the turn can be left.
        {
            await pull;
            throw;
        }
        try { return await pull; }
        finally { await _pen.WaitAsync(); }
    }

    private void Open(TurnFormat format)
    {
        var begun = _frames.HasWritten;
        format.Open(_frames);
        if (!begun && _frames.HasWritten) Begin();
    }

    private void Begin(TurnId? turn = null)
    {
        if (turn is { } known) _http.NameTurn(known);
        var headers = _http.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-cache";
        headers["X-Accel-Buffering"] = "no"; // nginx would hold frames back.
        _http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private ValueTask<FlushResult> FlushAsync() => _body.FlushAsync(_http.RequestAborted);

    /// <summary>Nothing is written while the turn's events are: the connection is alive then, or full.</summary>
    private async Task KeepAliveAsync()
    {
        if (!_pen.Wait(0)) return;
        try
        {
            if (!_frames.HasWritten) Begin();
            _frames.Comment("keep-alive"u8);
            await FlushAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The connection is gone; the turn's reading ends for the same reason.
        }
        finally
        {
            _pen.Release();
        }
    }
}
