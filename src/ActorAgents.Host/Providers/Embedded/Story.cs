namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Stories put together from sentences. The prompt decides which, so the same prompt tells the same story.</summary>
internal static class Story
{
    public static string Tell(string? topic, string prompt, int paragraphs)
    {
        var seed = Seed.From(prompt);
        var hero = Pick(StoryPieces.Heroes, ref seed);
        var place = Pick(StoryPieces.Places, ref seed);
        var thing = topic ?? Pick(StoryPieces.Things, ref seed);

        var told = new List<string> { Pick(StoryPieces.Openings, ref seed) };
        var middle = (int)(seed % (uint)StoryPieces.Middles.Count);
        for (var i = 0; told.Count < paragraphs - 1; i++) told.Add(StoryPieces.Middles[(middle + i) % StoryPieces.Middles.Count]);
        if (paragraphs > 1) told.Add(Pick(StoryPieces.Endings, ref seed));
        return string.Join("\n\n", told.Select(p => p.Replace("{hero}", hero).Replace("{place}", place).Replace("{thing}", thing)));
    }

    private static string Pick(IReadOnlyList<string> among, ref uint seed)
    {
        var picked = among[(int)(seed % (uint)among.Count)];
        seed = seed * 1664525u + 1013904223u;
        seed ^= seed >> 15;
        return picked;
    }
}
