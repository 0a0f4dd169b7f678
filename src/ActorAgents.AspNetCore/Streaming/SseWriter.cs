using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Writes frames of server-sent events straight into a response's pipe: no string and no buffer of its own per frame. Used by one thread at a time;
/// nothing is sent until the pipe is flushed.
/// </summary>
/// <remarks>The form of a frame is that of the HTML standard, section 9.2.6.</remarks>
internal sealed class SseWriter(PipeWriter body) : IDisposable
{
    // Text goes out as it is: it is read as JSON from an event stream, never as part of a page.
    internal static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly Utf8JsonWriter _json = new(body, JsonOptions);

    /// <summary>Whether anything was written since this was made.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Bytes that wait for a flush.</summary>
    public long Unflushed => body.UnflushedBytes;

    /// <summary>A comment, which readers skip.</summary>
    public void Comment(ReadOnlySpan<byte> text)
    {
        Raw(": "u8);
        Raw(text);
        Raw("\n\n"u8);
    }

    /// <summary>The line that a reader gives back as <c>Last-Event-ID</c>: a prefix, which must have no line break, and a number.</summary>
    public void Id(ReadOnlySpan<byte> prefix, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Raw("id: "u8);
        Raw(prefix);
        Raw(digits[..length]);
        Raw("\n"u8);
    }

    public void Event(ReadOnlySpan<byte> name)
    {
        Raw("event: "u8);
        Raw(name);
        Raw("\n"u8);
    }

    /// <summary>Begins the frame's data, one JSON value; <see cref="EndData"/> ends data and frame.</summary>
    public Utf8JsonWriter BeginData()
    {
        Raw("data: "u8);
        _json.Reset();
        return _json;
    }

    public void EndData()
    {
        _json.Flush();
        Raw("\n\n"u8);
    }

    /// <summary>A frame whose JSON is the same each time but for one string: the cheapest there is.</summary>
    public void Data(ReadOnlySpan<byte> before, string text, ReadOnlySpan<byte> after)
    {
        Raw("data: "u8);
        Raw(before);
        _json.Reset();
        _json.WriteStringValue(text);
        _json.Flush();
        Raw(after);
        Raw("\n\n"u8);
    }

    /// <summary>A frame of plain text; each of its lines, however it ends, is a line of data.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var end = text.IndexOfAny('\r', '\n');
            Raw("data: "u8);
            Chars(end < 0 ? text : text[..end]);
            Raw("\n"u8);
            if (end < 0) break;
            text = text[(end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1))..];
        }
        Raw("\n"u8);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        HasWritten = true;
        body.Write(bytes);
    }

    public void Dispose() => _json.Dispose();

    private void Chars(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            // At most three bytes per character; a stretch ends between characters, never inside a pair.
            var stretch = Math.Min(text.Length, 1024);
            if (stretch < text.Length && char.IsHighSurrogate(text[stretch - 1])) stretch--;
            var into = body.GetSpan(stretch * 3);
            body.Advance(System.Text.Encoding.UTF8.GetBytes(text[..stretch], into));
            text = text[stretch..];
        }
    }
}
