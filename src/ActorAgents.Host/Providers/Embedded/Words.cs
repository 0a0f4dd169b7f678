using System.Text;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Text as a model streams it: a word with the space before it; long words and scripts without spaces in smaller pieces.</summary>
internal static class Words
{
    private const int MaxChars = 16;

    /// <summary>The pieces; joined they are the text again, and none splits a character.</summary>
    public static IEnumerable<string> In(string text)
    {
        var start = 0;
        var inWord = false;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var space = Rune.IsWhiteSpace(rune);
            if ((space && inWord) || (inWord && at - start >= MaxChars))
            {
                yield return text[start..at];
                start = at;
            }
            inWord = !space;
            at += rune.Utf16SequenceLength;
        }
        if (start < text.Length) yield return text[start..];
    }
}
