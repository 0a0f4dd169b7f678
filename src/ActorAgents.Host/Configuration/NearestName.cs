namespace ActorAgents.Host.Configuration;

/// <summary>Which of the valid names a mistyped one was meant to be.</summary>
internal static class NearestName
{
    /// <summary><c> Did you mean 'x'?</c>, or nothing when none is near.</summary>
    public static string Hint(string name, IEnumerable<string> valid) =>
        valid.Select(v => (Name: v, Distance: Distance(name.ToLowerInvariant(), v.ToLowerInvariant())))
            .Where(v => v.Distance <= Math.Max(1, Math.Min(name.Length, v.Name.Length) / 3))
            .OrderBy(v => v.Distance).Select(v => $" Did you mean '{v.Name}'?").FirstOrDefault() ?? "";

    /// <summary>The names in a row, or <c>none</c>.</summary>
    public static string List(IEnumerable<string> valid) => string.Join(", ", valid.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";

    // Damerau's: swapping neighbours, the commonest slip, counts once.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
