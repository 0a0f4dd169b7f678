using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Configuration;

/// <summary>What a role needs of settings that are otherwise free.</summary>
internal static class RoleRules
{
    public static void Check(Role role, HostSettings settings, string path, ICollection<Mistake> mistakes)
    {
        if (role == Role.Local) return;
        if (settings.Cluster.Seeds.Count == 0)
            mistakes.Add(new(path, $"'ActorAgents:Cluster:Seeds' is missing: in the role {HostConfiguration.Written(role)} it names nodes to ask to be let in, as {NodeAddress.Form}; the first of them begins the cluster."));
        if (settings.Persistence.Kind == PersistenceKind.Memory)
            mistakes.Add(new(path, $"'ActorAgents:Persistence:Kind' is memory, which nodes do not share: in the role {HostConfiguration.Written(role)} it is postgresql, or sqlite where all nodes are on this machine."));
        else if (settings.Persistence.Kind == PersistenceKind.Sqlite && !settings.Cluster.IsLocal)
            mistakes.Add(new(path, $"'ActorAgents:Persistence:Kind' is sqlite, a file on this machine, and 'ActorAgents:Cluster:Host' lets nodes of other machines in: use postgresql, or a host such as {ClusterSettings.DefaultHost}."));
    }
}
