namespace ActorAgents.Host.Configuration;

/// <summary>Something wrong in the configuration: in which file, line or variable, and what would be right.</summary>
internal sealed record Mistake(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}

/// <summary>The configuration cannot be used. The message lists every mistake.</summary>
internal sealed class HostConfigurationException(IReadOnlyList<Mistake> mistakes) : Exception(Text(mistakes))
{
    public IReadOnlyList<Mistake> Mistakes { get; } = mistakes;

    private static string Text(IReadOnlyList<Mistake> mistakes) =>
        $"The configuration has {(mistakes.Count == 1 ? "a mistake" : $"{mistakes.Count} mistakes")}:\n"
        + string.Join("\n", mistakes.Select(m => "  " + m));
}
