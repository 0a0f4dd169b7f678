namespace ActorAgents.Pages;

/// <summary>Which kinds are shown one by one.</summary>
internal static class KindReadings
{
    public const int Most = 24;

    /// <summary>All of them, when there are not too many: otherwise the halted and the busiest ones, and the rest as one at the end.</summary>
    public static IReadOnlyList<KindReading> Of(IReadOnlyList<KindSnapshot> kinds, IReadOnlyList<Halt> halts, string? tenant)
    {
        var all = kinds.Select(k => new KindReading(k.Kind, k.Turns, k.Waits, [.. halts.Where(h => Covers(h.Scope, k.Kind, tenant))])).ToArray();
        if (all.Length <= Most) return all;
        var ranked = all.OrderByDescending(k => k.Halts.Count > 0).ThenByDescending(k => k.Turns).ToArray();
        return [.. ranked.Take(Most).OrderBy(k => k.Kind, StringComparer.Ordinal), Together(ranked[Most..])];
    }

    private static bool Covers(HaltScope scope, string kind, string? tenant) =>
        scope == HaltScope.Cluster || scope == HaltScope.Kind(kind)
        || (tenant is not null && (scope == HaltScope.Tenant(tenant) || scope == HaltScope.TenantKind(tenant, kind)));

    private static KindReading Together(KindReading[] kinds) => new(
        "", kinds.Sum(k => k.Turns), kinds.SelectMany(k => k.Waits).GroupBy(w => w.Key).ToDictionary(w => w.Key, w => w.Sum(x => x.Value)), []) { Others = kinds.Length };
}
