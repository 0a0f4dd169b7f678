namespace ActorAgents.Providers;

internal static class Secret
{
    /// <summary>Shorter values of headers would be found in ordinary words.</summary>
    private const int Shortest = 8;

    /// <summary>The key, and the values of headers that may be keys: as they are, and without a scheme such as <c>Bearer</c>. The longest first.</summary>
    public static IReadOnlyList<string> Of(string? key, IReadOnlyDictionary<string, string>? headers = null)
    {
        var values = (headers?.Values ?? []).Select(value => value.Trim()).SelectMany(value => new[] { value, value[(value.IndexOf(' ') + 1)..] });
        return [.. values.Where(value => value.Length >= Shortest).Append(key ?? "").Where(value => value.Length > 0).Distinct().OrderByDescending(value => value.Length)];
    }

    /// <summary>The text without any of them: servers quote what they refuse.</summary>
    public static string Hide(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
