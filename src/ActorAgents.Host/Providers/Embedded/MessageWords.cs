using System.Text.RegularExpressions;
using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Finds the wish to send a message.</summary>
internal static partial class MessageWords
{
    /// <summary>Adds the wish, if there is one, and gives back the text without it.</summary>
    public static string Take(string text, List<(int At, Wish Wish)> found)
    {
        var match = Quoted().Match(text);
        if (!match.Success) match = Plain().Match(text);
        if (!match.Success) return text;
        found.Add((match.Index, new UseTool(SendMessageTool.Name, new Dictionary<string, object?>
        {
            ["to"] = Or(match.Groups["to"], "the team"),
            ["text"] = Or(match.Groups["text"], "Hello from the embedded model."),
        })));
        return text.Remove(match.Index, match.Length);
    }

    private static string Or(Group group, string otherwise) => group.Success && !string.IsNullOrWhiteSpace(group.Value) ? group.Value.Trim() : otherwise;

    [GeneratedRegex(@"\bsend (?:the message )?[""“](?<text>[^""”]+)[""”] to (?<to>[^.,;:!?]+?)(?=\s+and\b|[.,;:!?]|\s*$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bsend (?:a |the |an )?(?:message|e-?mail|note)(?: to (?<to>[^.,;:!?]+?)(?=\s+(?:and|saying|that says)\b|[.,;:!?]|\s*$))?(?:(?:,? (?:saying|that says)|:) [""“]?(?<text>[^""”.]+)[""”]?)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
