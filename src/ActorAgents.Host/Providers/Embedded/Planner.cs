namespace ActorAgents.Host.Providers.Embedded;

/// <summary>From what a request says to what the model does. Pure: the same request gives the same plan.</summary>
internal static class Planner
{
    public static Plan For(Situation situation)
    {
        var wishes = Fitting(WishReader.Read(situation.Prompt), situation);
        if (situation.Results.Count > 0 && !situation.Steered)
            return new([new Saying(Joined([.. situation.Results.Select(ResultWords.For), .. Spoken(wishes, situation, greet: false)]))]);

        var parts = new List<PlanPart>();
        if (wishes.OfType<Think>().Any()) parts.Add(new Thought(Thinking.About(situation, wishes)));
        var before = situation.Results.Where(r => !ResultWords.IsCancelled(r)).Select(ResultWords.For).ToList();
        var calls = wishes.OfType<UseTool>().Where(w => situation.Tools.Contains(w.Tool)).ToList();
        if (calls.Count == 0)
        {
            parts.Add(new Saying(Joined([.. before, .. Spoken(wishes, situation, greet: true)])));
            return new(parts);
        }

        // The rest is told together with the results, when they are there.
        if (wishes.OfType<Greeting>().Any()) before.Add(Answers.For(new Greeting(), situation));
        parts.Add(new Saying(Joined([.. before, $"Let me ask {Listed([.. calls.Select(c => c.Tool).Distinct()])}."]) + "\n\n"));
        parts.AddRange(calls.Select((c, i) => new Call($"embedded-{situation.NextCall + i}", c.Tool, c.Arguments)));
        return new(parts);
    }

    // A storyteller takes any prompt that asks for nothing else as the topic of a story.
    private static IReadOnlyList<Wish> Fitting(IReadOnlyList<Wish> wishes, Situation situation) =>
        wishes.Any(w => w is not Think) || situation.Prompt.Length == 0 || !situation.Instructions.Contains("stories", StringComparison.OrdinalIgnoreCase)
            ? wishes
            : [.. wishes, new TellStory(situation.Prompt.Trim().TrimEnd('.', '!', '?'), 6)];

    private static List<string> Spoken(IReadOnlyList<Wish> wishes, Situation situation, bool greet)
    {
        var spoken = wishes.Where(w => w is not Think && (greet || w is not Greeting))
            .Where(w => w is not UseTool use || !situation.Tools.Contains(use.Tool))
            .Select(w => Answers.For(w, situation)).Distinct().ToList();
        if (spoken.Count == 0 && situation.Results.Count == 0) spoken.Add(Answers.Otherwise(situation));
        return spoken;
    }

    private static string Joined(IReadOnlyList<string> sentences) => string.Join(sentences.Any(s => s.Contains('\n')) ? "\n\n" : " ", sentences);

    private static string Listed(IReadOnlyList<string> names) => names.Count == 1
        ? $"the {names[0]} tool"
        : $"the tools {string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
