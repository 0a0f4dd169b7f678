namespace ActorAgents.Cluster;

/// <summary>What an agent's batches add up to.</summary>
/// <param name="Writer">Who wrote the last of them.</param>
internal sealed record AgentSnapshot(AgentState State, Guid Writer);

/// <summary>An event without content that stands for all before it: they are forgotten. Journals keep their last event, so it must be one that says nothing.</summary>
internal sealed record Forgotten;
