using System.IO.Pipelines;

namespace ActorAgents.AspNetCore;

/// <summary>A response that keeps nothing of what is written to it.</summary>
internal sealed class Nowhere : PipeWriter
{
    private byte[] _buffer = new byte[4096];

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _buffer.Length) _buffer = new byte[sizeHint];
        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) { }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

    public override void CancelPendingFlush() { }

    public override void Complete(Exception? exception = null) { }
}
