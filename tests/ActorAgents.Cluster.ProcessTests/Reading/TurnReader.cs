using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;

namespace ActorAgents.Cluster.ProcessTests.Reading;

/// <summary>Reads a turn to its end over any number of connections, each of which goes on from the last frame.</summary>
internal sealed class TurnReader(HttpClient client, Func<string> at, string agent, string turn)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <summary>A connection without a frame or a comment for this long is given up: keep-alives come more often.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);

    private readonly List<TimeSpan> _resumed = [], _withdrawn = [];
    private long _lost, _heard = Stopwatch.GetTimestamp();

    public TurnSequence Seen { get; } = new();

    /// <summary>For each connection that was lost, how long until the next frame came.</summary>
    public IReadOnlyList<TimeSpan> Resumed => _resumed;

    /// <summary>For each time that something was withdrawn, how long nothing had come.</summary>
    public IReadOnlyList<TimeSpan> Withdrawn => _withdrawn;

    /// <exception cref="TimeoutException">Nothing came any more.</exception>
    /// <exception cref="SequenceException">What came was wrong.</exception>
    public Task ReadToEndAsync(CancellationToken cancellationToken = default) => ReadAsync(_ => false, cancellationToken);

    /// <summary>Reads until so many events have come, and leaves.</summary>
    public Task ReadAsync(long events, CancellationToken cancellationToken = default) => ReadAsync(seen => seen.Seq >= events, cancellationToken);

    private async Task ReadAsync(Func<TurnSequence, bool> enough, CancellationToken cancellationToken)
    {
        var last = Stopwatch.StartNew();
        while (Seen.End is null && !enough(Seen))
        {
            var before = Seen.LastId;
            try
            {
                await ConnectAsync(enough, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException) { } // Connects anew.
            if (Seen.End is not null || enough(Seen)) return;
            if (Seen.LastId != before) last.Restart();
            if (last.Elapsed > Patience) throw new TimeoutException($"Nothing came of {agent} {turn} for {Patience} after {Seen.LastId ?? "the start"}.");
            if (_lost == 0) _lost = Stopwatch.GetTimestamp();
            await Task.Delay(Again, cancellationToken);
        }
    }

    private async Task ConnectAsync(Func<TurnSequence, bool> enough, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{at()}/agents/{agent}/turns/{turn}/events");
        if (Seen.LastId is { } id) request.Headers.Add("Last-Event-ID", id);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        if ((int)answer.StatusCode is >= 400 and < 500) throw new SequenceException(Fault.Gap, $"{agent} {turn} after {Seen.LastId}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(silence.Token)}");
        if (answer.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"{answer.StatusCode}");
        await using var body = new NoisyStream(await answer.Content.ReadAsStreamAsync(silence.Token), () => silence.CancelAfter(Silence));
        await foreach (var frame in SseParser.Create(body).EnumerateAsync(silence.Token))
        {
            Seen.Take(frame.EventId ?? "", frame.EventType, frame.Data);
            if (_lost != 0) _resumed.Add(Stopwatch.GetElapsedTime(_lost));
            if (Seen.Resets > _withdrawn.Count) _withdrawn.Add(Stopwatch.GetElapsedTime(_heard));
            (_lost, _heard) = (0, Stopwatch.GetTimestamp());
            if (enough(Seen)) return;
        }
    }

    /// <summary>Tells of each read that brought something, comments included.</summary>
    private sealed class NoisyStream(Stream inner, Action heard) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            heard();
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
