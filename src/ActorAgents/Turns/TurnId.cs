using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorAgents;

/// <summary>Names one turn. Idempotency rests on it: the same id is never run twice by one agent as long as its conversation has the turn.</summary>
public readonly record struct TurnId
{
    /// <param name="value">1 to 64 of <c>[A-Za-z0-9_-]</c>.</param>
    /// <exception cref="ArgumentException">The value does not have that form.</exception>
    public TurnId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is 0 or > 64 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new ArgumentException($"'{value}' is not a turn id: use 1 to 64 letters, digits, '_' or '-'.", nameof(value));
        Value = value;
    }

    public string Value { get; private init; }

    /// <summary>A version-7 Guid (RFC 9562): sortable by the millisecond in which it was made, with 74 random bits that cannot be guessed.</summary>
    public static TurnId New()
    {
        Span<byte> id = stackalloc byte[16];
        Randomness.Take(id[6..]);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        time[2..].CopyTo(id);
        id[6] = (byte)(0x70 | id[6] & 0x0F);
        id[8] = (byte)(0x80 | id[8] & 0x3F);
        return new() { Value = Convert.ToHexStringLower(id) };
    }

    public override string ToString() => Value ?? "";

    /// <summary>Takes its bytes from the system many at a time: <see cref="Guid.CreateVersion7()"/> asks for each id, which costs as much as streaming ten chunks.</summary>
    private static class Randomness
    {
        [ThreadStatic] private static byte[]? _bytes;
        [ThreadStatic] private static int _left;

        public static void Take(Span<byte> into)
        {
            var bytes = _bytes ??= new byte[1024];
            if (_left < into.Length)
            {
                RandomNumberGenerator.Fill(bytes);
                _left = bytes.Length;
            }
            var taken = bytes.AsSpan(_left -= into.Length, into.Length);
            taken.CopyTo(into);
            taken.Clear();
        }
    }
}
