using System.Globalization;

namespace ActorAgents.Pages;

/// <summary>How the dashboard's numbers and states read.</summary>
internal static class DashboardWords
{
    public const string Nothing = "–";

    /// <summary>The waits in the order they are shown, from work that moves to work that cannot begin.</summary>
    public static readonly IReadOnlyList<TurnWait> Waits =
    [
        TurnWait.None, TurnWait.Provider, TurnWait.Tool, TurnWait.ToolSources, TurnWait.Reader, TurnWait.Approval, TurnWait.Backoff, TurnWait.Queue, TurnWait.Place,
    ];

    public static string Of(TurnWait wait) => wait switch
    {
        TurnWait.None => "running now",
        TurnWait.Provider => "the provider",
        TurnWait.Tool => "a tool",
        TurnWait.ToolSources => "its list of tools",
        TurnWait.Reader => "its reader",
        TurnWait.Approval => "an approval",
        TurnWait.Backoff => "a retry",
        TurnWait.Queue => "its busy agent",
        TurnWait.Place => "a free place",
        _ => wait.ToString(),
    };

    public static string ClassOf(TurnWait wait) => $"aa-w-{wait.ToString().ToLowerInvariant()}";

    /// <summary>An <see cref="InterruptReason"/> by its name.</summary>
    public static string OfInterruption(string reason) => Enum.TryParse<InterruptReason>(reason, out var known) ? known switch
    {
        InterruptReason.User => "by a person",
        InterruptReason.Caller => "by its caller",
        InterruptReason.ReaderGone => "its reader left",
        InterruptReason.FirstTokenTimeout => "no first token in time",
        InterruptReason.IdleTimeout => "the provider fell silent",
        InterruptReason.TotalTimeout => "took too long",
        InterruptReason.TextLimit => "grew too long",
        InterruptReason.Replaced => "replaced by a later input",
        InterruptReason.Halted => "by a halt",
        InterruptReason.Shutdown => "shutdown",
        InterruptReason.NodeLost => "its node was lost",
        _ => reason,
    } : reason;

    /// <summary>A <see cref="TurnErrorKind"/> by its name.</summary>
    public static string OfFailure(string error) => Enum.TryParse<TurnErrorKind>(error, out var known) ? known switch
    {
        TurnErrorKind.Authentication => "the provider refused the key",
        TurnErrorKind.RateLimited => "the provider's rate limit",
        TurnErrorKind.NotFound => "model not found",
        TurnErrorKind.InvalidRequest => "the provider refused the request",
        TurnErrorKind.ContentFiltered => "content filter",
        TurnErrorKind.ContextTooLong => "context too long",
        TurnErrorKind.Transient => "the provider was away",
        TurnErrorKind.Truncated => "the answer broke off",
        TurnErrorKind.Timeout => "a time limit",
        TurnErrorKind.StreamingNotSupported => "the provider does not stream",
        TurnErrorKind.ToolsFailed => "tools kept failing",
        TurnErrorKind.Shutdown => "shutdown",
        TurnErrorKind.Starting => "still starting",
        TurnErrorKind.Unknown => "unknown error",
        _ => error,
    } : error;

    /// <summary>A <see cref="NodeView.State"/>.</summary>
    public static string OfState(string state) => state switch
    {
        "Up" => "up",
        "Joining" or "WeaklyUp" => "joining",
        "Leaving" or "Exiting" => "leaving",
        "Down" => "excluded",
        _ => state,
    };

    public static string Of(HaltScope scope)
    {
        var parts = scope.ToString().Split('/');
        return parts switch
        {
            ["cluster"] => "Everything",
            [var t] when t.StartsWith("tenant:", StringComparison.Ordinal) => $"Tenant {t[7..]}",
            [var k] => $"Kind {k[5..]}",
            [var t, var k] => $"Kind {k[5..]} of tenant {t[7..]}",
            [var t, var k, var key] => $"Agent {Of(new AgentId(k, Uri.UnescapeDataString(key), t[6..]))}",
            _ => scope.ToString(),
        };
    }

    public static string Of(AgentId agent) => agent.Tenant == AgentId.DefaultTenant ? $"{agent.Kind} / {agent.Key}" : $"{agent.Tenant} / {agent.Kind} / {agent.Key}";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double rate) => rate is > 0 and < 10 ? rate.ToString("0.0", CultureInfo.InvariantCulture) : rate.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan? time) => time is not { } known ? Nothing
        : known < TimeSpan.FromMilliseconds(10) ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0.0} ms") : Wording.Of(known);

    public static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min {age.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalHours} h {age.Minutes:00} min"),
    };

    public static string Bytes(double bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0} KB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.00} GB"),
    };

    public static string Clock(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string Percent(double part) => part.ToString("0.#", CultureInfo.InvariantCulture) + "%";

    public static string Count(long number, string one, string many) => $"{Number(number)} {(number == 1 ? one : many)}";
}
