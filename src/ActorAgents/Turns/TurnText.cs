using System.Buffers;

namespace ActorAgents;

/// <summary>The text a turn delivered, in a rented buffer until the turn ends. Touched by the turn's owner only.</summary>
internal struct TurnText
{
    private char[]? _buffer;
    private string? _whole;

    public int Length { get; private set; }

    public void Append(string text)
    {
        if (_buffer is null || Length + text.Length > _buffer.Length) Grow(Length + text.Length);
        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>The text from a place on. The whole is made once, so that the record and the terminal event share it.</summary>
    public string Slice(int start)
    {
        if (start == Length) return "";
        if (start > 0) return new string(_buffer!, start, Length - start);
        return _whole is { } whole && whole.Length == Length ? whole : _whole = new string(_buffer!, 0, Length);
    }

    /// <summary>Gives the buffer back; the text is gone.</summary>
    public void Return()
    {
        if (_buffer is not { } buffer) return;
        (_buffer, _whole, Length) = (null, null, 0);
        ArrayPool<char>.Shared.Return(buffer);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_buffer))]
    private void Grow(int needed)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(needed, Math.Max(64, Length * 2)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer is { } old) ArrayPool<char>.Shared.Return(old);
        _buffer = larger;
    }
}
