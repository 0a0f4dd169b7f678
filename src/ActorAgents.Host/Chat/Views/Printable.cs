using System.Text;

namespace ActorAgents.Host.Chat.Views;

/// <summary>
/// Text from models and tools made safe for a terminal: control characters could move the cursor, change the title or hide what was written.
/// </summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>Keeps line ends and tabs; a carriage return before a line end is dropped.</summary>
    public static string Text(string text) => text.Any(IsUnsafe) ? string.Concat(text.Where(c => c != '\r').Select(c => IsUnsafe(c) ? Replacement : c)) : text;

    /// <summary>One line of at most so many characters.</summary>
    public static string Line(string text, int max)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > max) return line.Append('…').ToString();
            if (rune.Value is '\r') continue;
            if (rune.Value is '\n' or '\t') line.Append(' ');
            else if (rune.IsBmp && IsUnsafe((char)rune.Value)) line.Append(Replacement);
            else line.Append(rune);
        }
        return line.ToString();
    }

    // Beside the control characters: marks that reverse or embed the direction of writing.
    private static bool IsUnsafe(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
