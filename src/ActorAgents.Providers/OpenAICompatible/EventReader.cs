using System.Buffers;

namespace ActorAgents.Providers;

/// <summary>
/// Cuts server-sent events out of bytes that arrive in pieces, as the HTML standard (§9.2.6) says: CRLF, LF and CR end a line, an empty line ends an
/// event, several data lines are joined by LF, an event without its empty line is dropped. Own code and not <c>SseParser</c>, which puts no bound on
/// the size of an event and withholds one that ends in CR until the next byte arrives.
/// </summary>
internal sealed class EventReader(int maxEventBytes) : IDisposable
{
    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _line, _scanned, _end; // The line at hand begins, is known to have no end before, and what was received ends.
    private int _data = -1, _dataEnd; // The data of the event at hand.
    private bool _afterCarriageReturn;
    private bool _hasBegun;

    /// <summary>Whether what was received ends within an event.</summary>
    public bool IsWithinEvent => _data >= 0 || _end > _line;

    /// <summary>Where the next bytes go. Invalidates what <see cref="TryRead"/> gave.</summary>
    /// <exception cref="InvalidDataException">An event is larger than the bound.</exception>
    public Memory<byte> Space()
    {
        var kept = _data < 0 ? _line : _data;
        if (kept > 0) MoveToFront(kept);
        if (_end >= maxEventBytes) throw new InvalidDataException($"An event is larger than {maxEventBytes:N0} bytes.");
        if (_end == _buffer.Length) Grow();
        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were put into <see cref="Space"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The data of the next event that has arrived in full; valid until <see cref="Space"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> data)
    {
        while (TryReadLine(out var start, out var length))
        {
            if (length > 0)
            {
                TakeLine(start, length);
                continue;
            }
            if (_data < 0) continue;
            data = _buffer.AsSpan(_data, _dataEnd - _data);
            _data = -1;
            return true;
        }
        data = default;
        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_line, _scanned, _end, _data) = (0, 0, 0, -1);
    }

    private bool TryReadLine(out int start, out int length)
    {
        if (_afterCarriageReturn && _line < _end)
        {
            _afterCarriageReturn = false;
            if (_buffer[_line] == LineFeed) _scanned = ++_line;
        }
        start = _line;
        length = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny(CarriageReturn, LineFeed);
        if (length < 0)
        {
            _scanned = _end;
            return false;
        }
        var at = _scanned + length;
        length = at - start;
        _afterCarriageReturn = _buffer[at] == CarriageReturn;
        _line = _scanned = at + 1;
        return true;
    }

    private void TakeLine(int start, int length)
    {
        var line = _buffer.AsSpan(start, length);
        if (!_hasBegun)
        {
            _hasBegun = true;
            if (line.StartsWith("\uFEFF"u8)) line = line[3..];
        }
        if (line.StartsWith("data:"u8)) line = line[5..];
        else if (line.StartsWith("error:"u8)) line = line[6..]; // So llama.cpp reports failures; no other field is of use here.
        else if (line.SequenceEqual("data"u8)) line = [];
        else return;
        if (line is [(byte)' ', ..]) line = line[1..];
        Append(line, start + length - line.Length);
    }

    /// <summary>A further line of data joins the first in place: there is room where its name was.</summary>
    private void Append(ReadOnlySpan<byte> value, int at)
    {
        if (_data < 0)
        {
            (_data, _dataEnd) = (at, at + value.Length);
            return;
        }
        _buffer[_dataEnd++] = LineFeed;
        value.CopyTo(_buffer.AsSpan(_dataEnd));
        _dataEnd += value.Length;
    }

    private void MoveToFront(int from)
    {
        _buffer.AsSpan(from, _end - from).CopyTo(_buffer);
        _line -= from;
        _scanned -= from;
        _end -= from;
        if (_data < 0) return;
        _data -= from;
        _dataEnd -= from;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
