using System.Globalization;
using System.Text.RegularExpressions;
using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Reads what a prompt asks for by its words, in the order in which it asks.</summary>
internal static partial class WishReader
{
    public static IReadOnlyList<Wish> Read(string prompt)
    {
        if (SayAgain().IsMatch(prompt)) return [new RecallAnswer()];
        if (Say().Match(prompt) is { Success: true } say) return [new Repeat(say.Groups["text"].Value.TrimEnd())];

        var found = new List<(int At, Wish Wish)>();
        // What a message or a story is about is not itself a wish: each is taken out of the text before the rest is read.
        var rest = MessageWords.Take(prompt, found);
        rest = StoryWords.Take(rest, found);
        Clock(rest, found);
        Arithmetic(rest, found);
        if (Slow().Match(rest) is { Success: true } slow) found.Add((slow.Index, new UseTool(LongTaskTool.Name, Duration(rest))));
        if (Counting().Match(rest) is { Success: true } count && int.TryParse(count.Groups["last"].Value, out var last))
            found.Add((count.Index, new CountTo(Math.Clamp(last, 1, 10_000))));
        if (MyName().Match(rest) is { Success: true } name) found.Add((name.Index, new NameGiven(name.Groups["name"].Value)));
        if (Earlier().Match(rest) is { Success: true } earlier) found.Add((earlier.Index, new RecallPrompt(earlier.Value.Contains("first", StringComparison.OrdinalIgnoreCase))));
        Add(AskMyName(), new NameAsked());
        Add(HowMany(), new CountPrompts());
        Add(You(), new AboutSelf());
        Add(Help(), new Abilities());
        Add(Hello(), new Greeting());
        Add(Thank(), new Thanks());
        Add(Thinking(), new Think());
        return [.. found.OrderBy(f => f.At).Select(f => f.Wish)];

        void Add(Regex words, Wish wish)
        {
            if (words.Match(rest) is { Success: true } match) found.Add((match.Index, wish));
        }
    }

    /// <summary>The name a person gave in a text, if any.</summary>
    public static string? NameIn(string text) => MyName().Match(text) is { Success: true } name ? name.Groups["name"].Value : null;

    private static void Clock(string text, List<(int, Wish)> found)
    {
        if (Time().Match(text) is not { Success: true } time) return;
        var zones = Zones().Match(text);
        if (!zones.Success) found.Add((time.Index, new UseTool(ClockTool.Name, new Dictionary<string, object?>())));
        foreach (Capture zone in zones.Groups["zone"].Captures)
            found.Add((time.Index, new UseTool(ClockTool.Name, new Dictionary<string, object?> { ["timezone"] = zone.Value })));
    }

    private static void Arithmetic(string text, List<(int, Wish)> found)
    {
        foreach (var (at, expression) in ArithmeticWords.In(text))
            found.Add((at, new UseTool(CalculatorTool.Name, new Dictionary<string, object?> { ["expression"] = expression })));
    }

    private static Dictionary<string, object?> Duration(string text) =>
        Seconds().Match(text) is { Success: true } seconds && int.TryParse(seconds.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new() { ["seconds"] = n }
            : [];

    private const RegexOptions Words = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^\s*(?:please )?(?:say|repeat) (?:that|it)(?: again)?\s*[.!?]*\s*$|\bwhat did you (?:just )?(?:say|answer)\b", Words)]
    private static partial Regex SayAgain();

    [GeneratedRegex(@"^\s*(?:please )?(?:say|repeat|echo)(?: exactly)?(?: this)?:?\s+(?<text>.+)$", Words | RegexOptions.Singleline)]
    private static partial Regex Say();

    [GeneratedRegex(@"\bwhat time\b|\btime is it\b|\bthe (?:current )?time\b|\bcurrent time\b|\b(?:the|today's|current) date\b|\bwhat day\b|\bdate and time\b|\bclock\b|\btoday\b", Words)]
    private static partial Regex Time();

    [GeneratedRegex(@"\bin (?<zone>[A-Z][a-z]+/[A-Za-z_/]+|UTC|[A-Z][a-z]+(?: [A-Z][a-z]+)*)(?:(?:,? and (?:in )?|, ?)(?<zone>[A-Z][a-z]+/[A-Za-z_/]+|UTC|[A-Z][a-z]+(?: [A-Z][a-z]+)*))*", RegexOptions.CultureInvariant)]
    private static partial Regex Zones();

    [GeneratedRegex(@"\blong[- ]task\b|\bslow(?:ly)?\b|\bprogress\b", Words)]
    private static partial Regex Slow();

    [GeneratedRegex(@"\b(?<n>\d{1,6}) ?(?:s|secs?|seconds?)\b", Words)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\bcount (?:up )?(?:from 1 )?to (?<last>\d{1,6})\b", Words)]
    private static partial Regex Counting();

    [GeneratedRegex(@"\b(?i:my name is|call me) (?<name>\p{L}[\p{L}'\-]*(?: \p{Lu}[\p{L}'\-]*)?)", RegexOptions.CultureInvariant)]
    private static partial Regex MyName();

    [GeneratedRegex(@"\bwhat(?:'s| is| was) my name\b|\bwho am i\b|\b(?:know|remember) my name\b", Words)]
    private static partial Regex AskMyName();

    [GeneratedRegex(@"\bwhat did i (?:just |first )?(?:say|ask|write|tell you)(?: first)?\b|\bmy (?:last|previous|first) (?:message|question|prompt)\b", Words)]
    private static partial Regex Earlier();

    [GeneratedRegex(@"\bhow many (?:messages|questions|turns|prompts|times)\b", Words)]
    private static partial Regex HowMany();

    [GeneratedRegex(@"\b(?:who|what) are you\b|\babout yourself\b|\byour name\b|\b(?:what|which) model\b", Words)]
    private static partial Regex You();

    [GeneratedRegex(@"\bwhat can you do\b|\bwhat can i (?:ask|do|say)\b|^\s*help\b|\bhow do you work\b", Words)]
    private static partial Regex Help();

    [GeneratedRegex(@"^\s*(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day))\b", Words)]
    private static partial Regex Hello();

    [GeneratedRegex(@"\bthanks\b|\bthank you\b", Words)]
    private static partial Regex Thank();

    [GeneratedRegex(@"\bthink\b|\bthinking\b|\breason(?:ing)?\b|\bstep by step\b", Words)]
    private static partial Regex Thinking();
}
