namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Something a prompt asks for. A closed union: what is not one of these, the model does not understand.</summary>
internal abstract record Wish;

internal sealed record Greeting : Wish;

internal sealed record Thanks : Wish;

/// <summary>Who or what the model is.</summary>
internal sealed record AboutSelf : Wish;

/// <summary>What it can do.</summary>
internal sealed record Abilities : Wish;

internal sealed record NameGiven(string Name) : Wish;

internal sealed record NameAsked : Wish;

/// <summary>What the person said before: first of all, or last.</summary>
internal sealed record RecallPrompt(bool First) : Wish;

/// <summary>What the model said last.</summary>
internal sealed record RecallAnswer : Wish;

/// <summary>How many prompts there were.</summary>
internal sealed record CountPrompts : Wish;

internal sealed record TellStory(string? Topic, int Paragraphs) : Wish;

internal sealed record CountTo(int Last) : Wish;

/// <summary>These words, exactly.</summary>
internal sealed record Repeat(string Text) : Wish;

/// <summary>Reasoning before the answer.</summary>
internal sealed record Think : Wish;

/// <summary>Something a tool has to do.</summary>
internal sealed record UseTool(string Tool, IReadOnlyDictionary<string, object?> Arguments) : Wish
{
    public bool Equals(UseTool? other) => other is not null && Tool == other.Tool
        && Arguments.Count == other.Arguments.Count && Arguments.All(a => other.Arguments.TryGetValue(a.Key, out var value) && Equals(a.Value, value));

    public override int GetHashCode() => HashCode.Combine(Tool, Arguments.Count);
}
