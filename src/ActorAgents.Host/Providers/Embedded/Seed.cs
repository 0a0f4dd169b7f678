namespace ActorAgents.Host.Providers.Embedded;

/// <summary>A number from a text that is the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
internal static class Seed
{
    /// <summary>FNV-1a over the UTF-16 units.</summary>
    public static uint From(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash;
    }
}
