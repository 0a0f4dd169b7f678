using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace ActorAgents.Providers;

/// <summary>
/// Most events of an answer differ from the one before in nothing but one string. Such an event is recognised by comparing bytes, which costs a fifth of
/// parsing it: with the same bytes around it, and none in it that ends or escapes it, the string is all that is new.
/// </summary>
internal struct TextTemplate
{
    private const int LargestEvent = 4096;

    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private byte[]? _event;
    private int _length, _start, _end;

    /// <summary>Whether the string is reasoning and not text.</summary>
    public bool IsReasoning { get; private set; }

    /// <summary>Takes the event as the example that further ones are compared with.</summary>
    /// <param name="start">Where its string begins, after the quote.</param>
    public void Learn(ReadOnlySpan<byte> data, int start, int length, bool isReasoning)
    {
        if (data.Length > LargestEvent) return;
        if (_event is null || _event.Length < data.Length) _event = new byte[data.Length + 64];
        data.CopyTo(_event);
        (_length, _start, _end, IsReasoning) = (data.Length, start, start + length, isReasoning);
    }

    /// <summary>The string of an event that is like the example.</summary>
    public readonly bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (_event is null) return false;
        var before = _event.AsSpan(0, _start);
        var after = _event.AsSpan(_end, _length - _end);
        if (data.Length <= before.Length + after.Length || !data.StartsWith(before) || !data.EndsWith(after)) return false;
        var value = data[before.Length..^after.Length];
        if (value.ContainsAny(NotPlain) || !Utf8.IsValid(value)) return false;
        text = Encoding.UTF8.GetString(value);
        return true;
    }
}
