namespace ActorAgents.AspNetCore;

/// <summary>A context is an agent's key. One that no client named has a key by which that is known again, since nobody may ever come back to it.</summary>
internal static class A2AContext
{
    private const string Prefix = "ctx-";

    public static string New() => $"{Prefix}{Guid.NewGuid():N}";

    public static bool IsMade(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(key.AsSpan(Prefix.Length), "N", out _);
}
