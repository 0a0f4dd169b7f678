using System.Buffers.Text;
using System.Text;

namespace ActorAgents.AspNetCore;

/// <summary>What the ids of protocols that name a turn by its place have in common.</summary>
internal static class TurnName
{
    /// <summary>Room for any: a key is up to 768 bytes, which are 1,024 characters here; kind and turn are up to 64 each.</summary>
    private const int Longest = 1280;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string text) => Base64Url.EncodeToString(Utf8.GetBytes(text));

    /// <exception cref="FormatException">It is no base64url.</exception>
    /// <exception cref="ArgumentException">It is no UTF-8.</exception>
    public static string Decode(ReadOnlySpan<char> encoded) => Utf8.GetString(Base64Url.DecodeFromChars(encoded));

    /// <summary>What a client sent, read by <paramref name="read"/>, which may throw as what it calls does. Null for what names nothing, or is spelled in another way than the name: a turn has one.</summary>
    public static T? Parse<T>(string text, Func<string, T?> read)
    {
        if (text.Length > Longest) return default;
        try { return read(text) is { } name && name.ToString() == text ? name : default; }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { return default; }
    }

    /// <summary>As much of what should have been a name as can be told again.</summary>
    public static string Shown(string text) => text.Length <= Longest ? text : text[..32] + "…";
}
