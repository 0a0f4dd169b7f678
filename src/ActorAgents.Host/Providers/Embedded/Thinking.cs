namespace ActorAgents.Host.Providers.Embedded;

/// <summary>The reasoning the model shows when it is asked to think: what its rules really did.</summary>
internal static class Thinking
{
    public static string About(Situation situation, IReadOnlyList<Wish> wishes)
    {
        var asked = wishes.Where(w => w is not Think).ToList();
        var offered = situation.Tools.Count == 0 ? "No tool is offered to me" : $"The tools offered to me are {string.Join(", ", situation.Tools.Order())}";
        var found = asked.Count == 0
            ? "none of my rules knows what it asks for, so I can only say that"
            : $"my rules find this in it: {string.Join("; ", asked.Select(Name))}";
        var calls = asked.OfType<UseTool>().Count(w => situation.Tools.Contains(w.Tool));
        var next = calls switch
        {
            0 => "No tool is needed for that, or none that I have. I answer in words.",
            1 => "One tool call gives me what I need; then I answer with its result.",
            _ => $"I make {calls} calls at once, since none of them needs another's result; then I answer with all of them.",
        };
        return $"I read the prompt: {situation.Prompt.Length} characters, after {situation.EarlierPrompts.Count} earlier ones. As I see it, {found}. {offered}. {next}";
    }

    private static string Name(Wish wish) => wish switch
    {
        UseTool use => $"a call of {use.Tool}" + (use.Arguments.Count == 0 ? "" : $" with {string.Join(", ", use.Arguments.Select(a => $"{a.Key} {a.Value}"))}"),
        Greeting => "a greeting",
        Thanks => "thanks",
        AboutSelf => "a question about me",
        Abilities => "a question about what I can do",
        NameGiven given => $"that your name is {given.Name}",
        NameAsked => "a question for your name",
        RecallPrompt or RecallAnswer or CountPrompts => "a question about our conversation",
        TellStory => "a wish for a story",
        CountTo => "a wish to count",
        _ => "words to repeat",
    };
}
