using ActorAgents.Host.Configuration.Json;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>The limits an agent file may set: those of <see cref="AgentLimits"/>, by the same names.</summary>
internal static class LimitTable
{
    public static IReadOnlyList<Limit> All { get; } =
    [
        Limit.Count("maxQueuedInputs", 0, (l, n) => l with { MaxQueuedInputs = n }),
        Limit.Count("maxInputChars", 1, (l, n) => l with { MaxInputChars = n }),
        Limit.Count("historyTurns", 0, (l, n) => l with { HistoryTurns = n }),
        Limit.Count("maxToolRounds", 0, (l, n) => l with { MaxToolRounds = n }),
        Limit.Count("maxToolCalls", 0, (l, n) => l with { MaxToolCalls = n }),
        Limit.Count("maxParallelTools", 1, (l, n) => l with { MaxParallelTools = n }),
        Limit.Wait("toolTimeout", (l, t) => l with { ToolTimeout = t }),
        Limit.Wait("toolGrace", (l, t) => l with { ToolGrace = t }),
        Limit.Count("maxToolResultChars", 1, (l, n) => l with { MaxToolResultChars = n }),
        Limit.Count("maxConsecutiveFailingRounds", 0, (l, n) => l with { MaxConsecutiveFailingRounds = n }),
        Limit.Wait("firstTokenTimeout", (l, t) => l with { FirstTokenTimeout = t }),
        Limit.Wait("idleTimeout", (l, t) => l with { IdleTimeout = t }),
        Limit.Wait("totalTimeout", (l, t) => l with { TotalTimeout = t }),
        Limit.Wait("approvalTimeout", (l, t) => l with { ApprovalTimeout = t }),
        Limit.Count("retries", 0, (l, n) => l with { Retries = n }),
        Limit.Count("maxTextChars", 1, (l, n) => l with { MaxTextChars = n }),
        Limit.Total("maxTurnTokens", (l, n) => l with { MaxTurnTokens = n }),
    ];

    public static AgentLimits Read(ObjectReader? reader)
    {
        var limits = AgentLimits.Default;
        if (reader is null) return limits;
        foreach (var limit in All)
        {
            if (reader.Any(limit.Name) is not { } value) continue;
            if (limit.Set(limits, value) is { } changed) limits = changed;
            else reader.Wrong(limit.Name, $"must be {limit.Valid}");
        }
        reader.Finish();
        return limits;
    }
}
