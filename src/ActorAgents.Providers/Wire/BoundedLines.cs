using System.Text;

namespace ActorAgents.Providers;

/// <summary>Reads lines that end as <see cref="StreamReader"/>'s do, of which none may be endless.</summary>
internal sealed class BoundedLines(Stream inner, int longest) : IDisposable
{
    private readonly StreamReader _reader = new(inner, Encoding.UTF8);
    private readonly StringBuilder _line = new();
    private readonly char[] _buffer = new char[4096];
    private int _at, _end;
    private bool _afterCarriageReturn;

    /// <summary>Null when nothing follows.</summary>
    /// <exception cref="ProviderException">The line is longer than the bound.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken token)
    {
        while (true)
        {
            if (_afterCarriageReturn && _at < _end)
            {
                _afterCarriageReturn = false;
                if (_buffer[_at] == '\n') _at++;
            }
            var length = _buffer.AsSpan(_at, _end - _at).IndexOfAny('\r', '\n');
            _line.Append(_buffer, _at, length < 0 ? _end - _at : length);
            if (_line.Length > longest) throw new ProviderException(new(TurnErrorKind.Transient, $"A line of the provider's answer is longer than {longest:N0} characters."));
            if (length >= 0)
            {
                _at += length + 1;
                _afterCarriageReturn = _buffer[_at - 1] == '\r';
                return Take();
            }
            (_at, _end) = (0, await _reader.ReadAsync(_buffer, token).ConfigureAwait(false));
            if (_end == 0) return _line.Length == 0 ? null : Take();
        }
    }

    public void Dispose() => _reader.Dispose();

    private string Take()
    {
        var line = _line.ToString();
        _line.Clear();
        return line;
    }
}
