namespace ActorAgents.Host.Providers.Embedded;

/// <summary>What the model will do in one response, in order.</summary>
internal sealed record Plan(IReadOnlyList<PlanPart> Parts)
{
    public bool Calls => Parts.Any(p => p is Call);
}

internal abstract record PlanPart;

/// <summary>Visible reasoning.</summary>
internal sealed record Thought(string Text) : PlanPart;

/// <summary>A part of the answer.</summary>
internal sealed record Saying(string Text) : PlanPart;

/// <summary>A tool call.</summary>
internal sealed record Call(string Id, string Tool, IReadOnlyDictionary<string, object?> Arguments) : PlanPart;
