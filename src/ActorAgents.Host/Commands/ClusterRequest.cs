namespace ActorAgents.Host.Commands;

/// <summary>What the person asked of <c>cluster</c>.</summary>
/// <param name="Urls">Where the page is, in place of what the settings say; empty when nothing was said.</param>
/// <param name="Config">Absent: the folder beside the program.</param>
/// <param name="Data">The folder for what is kept; absent: as the settings say.</param>
/// <param name="PostgreSql">The connection string of a server that keeps it instead.</param>
internal sealed record ClusterRequest(int Nodes, IReadOnlyList<string> Urls, string? Config, string? Data, string? PostgreSql)
{
    public const int DefaultNodes = 3;
    public const int MostNodes = 9;
}
