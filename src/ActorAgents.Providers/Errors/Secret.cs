namespace ActorAgents.Providers;

internal static class Secret
{
    /// <summary>The text without the key: servers quote what they refuse.</summary>
    public static string Hide(string text, string? key) => string.IsNullOrEmpty(key) ? text : text.Replace(key, "***", StringComparison.Ordinal);
}
