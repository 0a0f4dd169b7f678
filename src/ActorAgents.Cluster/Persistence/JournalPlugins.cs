namespace ActorAgents.Cluster;

/// <summary>The configuration paths of the journal and of the snapshots of everything durable here.</summary>
internal static class JournalPlugins
{
    public const string Events = "actoragents.journal";
    public const string Snapshots = "actoragents.snapshots";
}
