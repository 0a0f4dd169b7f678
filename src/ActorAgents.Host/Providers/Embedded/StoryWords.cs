using System.Text.RegularExpressions;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Finds the wish for a story, its topic and its length.</summary>
internal static partial class StoryWords
{
    private const int Short = 3, Usual = 6, Long = 12, Most = 60;

    /// <summary>Adds the wish, if there is one, and gives back the text without it.</summary>
    public static string Take(string text, List<(int At, Wish Wish)> found)
    {
        if (Story().Match(text) is not { Success: true } story) return text;
        var topic = story.Groups["topic"] is { Success: true } named ? named.Value.Trim() : null;
        found.Add((story.Index, new TellStory(topic, Paragraphs(text))));
        return text.Remove(story.Index, story.Length);
    }

    private static int Paragraphs(string text)
    {
        if (Counted().Match(text) is { Success: true } counted && int.TryParse(counted.Groups["n"].Value, out var n)) return Math.Clamp(n, 1, Most);
        var length = Length().Match(text).Groups["length"].Value.ToLowerInvariant();
        return length switch { "short" => Short, "long" => Long, _ => Usual };
    }

    [GeneratedRegex(@"\b(?:story|tale)\b(?: (?:about|of) (?<topic>[^.?!,;:]+?)(?=\s*(?:[.?!,;:]|$)|\s+(?:and (?:what|tell|then|also|calculate|add|think)|in \d+ paragraphs)\b))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Story();

    [GeneratedRegex(@"\b(?<n>\d{1,4}) paragraphs?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    [GeneratedRegex(@"\b(?<length>short|long)\b(?: \w+)? (?:story|tale)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Length();
}
