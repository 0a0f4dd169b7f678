namespace ActorAgents.Host.Commands;

/// <summary>What the person asked of <c>serve</c>.</summary>
/// <param name="Urls">Where to listen, in place of what the settings say; empty when nothing was said.</param>
/// <param name="Config">Absent: the folder beside the program.</param>
internal sealed record ServeRequest(IReadOnlyList<string> Urls, string? Config);
