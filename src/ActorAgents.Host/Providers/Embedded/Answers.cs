using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>What the model says to a wish that needs no tool.</summary>
internal static class Answers
{
    public static string For(Wish wish, Situation situation) => wish switch
    {
        Greeting => Named(situation) is { } name ? $"Hello {name}!" : "Hello!",
        Thanks => "You are welcome.",
        AboutSelf => About(situation),
        Abilities => "I am a demonstration: a few rules in place of a language model. " + Suggestions(situation),
        NameGiven given => $"Nice to meet you, {given.Name}. I will know your name as long as it is in this conversation.",
        NameAsked => Named(situation) is { } known ? $"Your name is {known}: you told me in this conversation." : "You have not told me your name in this conversation.",
        RecallPrompt recall => Recall(situation, recall.First),
        RecallAnswer => situation.LastAnswer is { } last ? $"I said: {last}" : "I have not said anything in this conversation yet.",
        CountPrompts => $"This is message {situation.EarlierPrompts.Count + 1} from you that I can see in this conversation.",
        TellStory story => Story.Tell(story.Topic, situation.Prompt, story.Paragraphs),
        CountTo count => string.Join(", ", Enumerable.Range(1, count.Last)) + ".",
        Repeat repeat => repeat.Text,
        UseTool use => $"That needs the {use.Tool} tool, which I was not offered, so I cannot tell.",
        _ => Otherwise(situation),
    };

    /// <summary>What it says when no rule fits.</summary>
    public static string Otherwise(Situation situation)
    {
        if (situation.Prompt.Length == 0) return "There is no text in your message, and text is all I can read.";
        var quoted = Excerpt(situation.Prompt);
        var opening = (Seed.From(situation.Prompt) % 3) switch
        {
            0 => $"You wrote “{quoted}”. I am the embedded demonstration model, and none of my rules knows what to do with that.",
            1 => $"I read “{quoted}”, but I only follow a few rules and none of them fits: I am a demonstration, not a language model.",
            _ => $"“{quoted}” is beyond me: I am the small rule-based model that comes with this program.",
        };
        return $"{opening} {Suggestions(situation)}";
    }

    private static string About(Situation situation)
    {
        var self = "I am the embedded model: a small set of rules that comes with this program, so that it can be tried without a key or a network. I am not a language model.";
        var role = situation.Instructions.Split('\n')[0].Trim();
        return role.Length == 0 ? self : $"{self} My instructions begin: “{Excerpt(role)}”";
    }

    private static string Suggestions(Situation situation)
    {
        var ideas = new List<string>();
        if (situation.Tools.Contains(ClockTool.Name)) ideas.Add("“what time is it in Tokyo?”");
        if (situation.Tools.Contains(CalculatorTool.Name)) ideas.Add("“what is 12*(3+4)?”");
        if (situation.Tools.Contains(LongTaskTool.Name)) ideas.Add("“run a long task of 5 seconds”");
        if (situation.Tools.Contains(SendMessageTool.Name)) ideas.Add("“send a message to the team: lunch is ready”");
        ideas.Add("“tell me a story about a lighthouse”");
        ideas.Add("“my name is …”, later “what is my name?”");
        return $"Try {string.Join(", ", ideas)}; add “think” to see me reason.";
    }

    private static string Recall(Situation situation, bool first) => situation.EarlierPrompts switch
    {
        [] => "This is the first thing you say in this conversation.",
        [var start, ..] when first => $"The first thing I can see from you is: “{start}”",
        [.., var before] => $"Before this you said: “{before}”",
    };

    private static string? Named(Situation situation) =>
        situation.EarlierPrompts.Append(situation.Prompt).Select(WishReader.NameIn).LastOrDefault(n => n is not null);

    private static string Excerpt(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= 80) return line;
        return line[..(char.IsHighSurrogate(line[79]) ? 79 : 80)] + "…";
    }
}
