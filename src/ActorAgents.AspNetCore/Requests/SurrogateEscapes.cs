using System.Buffers.Text;
using System.Text;

namespace ActorAgents.AspNetCore;

/// <summary>Escapes in JSON that are half of a surrogate pair. They are good JSON and no text: reading or rewriting such a string throws.</summary>
internal static class SurrogateEscapes
{
    private const int Length = 6; // \uXXXX

    /// <summary>Where the first half from there on stands that lacks its other one; -1 when there is none. The text may be malformed.</summary>
    public static int FindHalf(ReadOnlySpan<byte> json, int from = 0)
    {
        for (var at = from; json[at..].IndexOf((byte)'\\') is var next and >= 0;)
        {
            at += next;
            var unit = Unit(json[at..]);
            var paired = char.IsHighSurrogate(unit) && char.IsLowSurrogate(Unit(json[(at + Length)..]));
            if (char.IsSurrogate(unit) && !paired) return at;
            at = Math.Min(at + (paired ? 2 * Length : 2), json.Length);
        }
        return -1;
    }

    /// <summary>The same JSON with U+FFFD in place of each half.</summary>
    public static string Mend(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var at = 0; (at = FindHalf(bytes, at)) >= 0;) "fffd"u8.CopyTo(bytes.AsSpan(at + 2));
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The UTF-16 unit of the escape that the text begins with; none of a pair when it begins otherwise.</summary>
    private static char Unit(ReadOnlySpan<byte> json) => json is [(byte)'\\', (byte)'u', _, _, _, _, ..]
        && Utf8Parser.TryParse(json[2..Length], out ushort unit, out var digits, 'x') && digits == 4 ? (char)unit : '\0';
}
