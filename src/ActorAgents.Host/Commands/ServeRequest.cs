using ActorAgents.Host.Configuration;

namespace ActorAgents.Host.Commands;

/// <summary>What the person asked of <c>serve</c>.</summary>
/// <param name="Urls">Where to listen, in place of what the settings say; empty when nothing was said.</param>
/// <param name="Config">Absent: the folder beside the program.</param>
/// <param name="Data">The folder for what is kept; absent: as the settings say.</param>
/// <param name="ExitWithParent">It ends when standard input does, and leaves Ctrl+C to whoever holds that.</param>
internal sealed record ServeRequest(IReadOnlyList<string> Urls, string? Config, Role Role = Role.Local, string? Data = null, bool ExitWithParent = false);
