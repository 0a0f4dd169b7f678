using System.Globalization;
using ActorAgents.Host.Configuration.Json;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>One limit of an agent file: its name, what is valid, and how it is set.</summary>
/// <param name="Set">The limits with the value, or null when the value is not valid.</param>
internal sealed record Limit(string Name, string Valid, Func<AgentLimits, JsonPlace, AgentLimits?> Set)
{
    internal const string ValidTimes = "seconds as a number above 0, \"hh:mm:ss\", or \"none\", and at most 365 days";

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    public static Limit Count(string name, int least, Func<AgentLimits, int, AgentLimits> set) =>
        new(name, $"a whole number from {least} to {int.MaxValue}", (limits, value) =>
            Whole(value) is { } n && n >= least && n <= int.MaxValue ? set(limits, (int)n) : null);

    public static Limit Total(string name, Func<AgentLimits, long, AgentLimits> set) =>
        new(name, $"a whole number from 1 to {long.MaxValue}", (limits, value) => Whole(value) is { } n && n >= 1 ? set(limits, n) : null);

    public static Limit Wait(string name, Func<AgentLimits, TimeSpan, AgentLimits> set) =>
        new(name, ValidTimes, (limits, value) => Time(value) is { } time ? set(limits, time) : null);

    internal static long? Whole(JsonPlace value) =>
        value is JsonLiteralPlace { Raw: var raw } && long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;

    internal static TimeSpan? Time(JsonPlace value) => value switch
    {
        JsonLiteralPlace { Raw: var raw } => Seconds(raw),
        JsonTextPlace { Value: "none" } => Timeout.InfiniteTimeSpan,
        JsonTextPlace { Value: var text } => Span(text),
        _ => null,
    };

    /// <summary>A time where numbers are texts as well, and where none cannot be said.</summary>
    internal static TimeSpan? Time(string text) => Seconds(text) ?? Span(text);

    private static TimeSpan? Seconds(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0 && seconds <= (decimal)LongestWait.TotalSeconds ? TimeSpan.FromSeconds((double)seconds) : null;

    private static TimeSpan? Span(string text)
    {
        var time = TimeSpan.TryParseExact(text, Forms, CultureInfo.InvariantCulture, out var span) ? span : ManyHours(text);
        return time > TimeSpan.Zero && time <= LongestWait ? time : null;
    }

    /// <summary>A day or more in hours, which no form of a time span takes.</summary>
    private static TimeSpan? ManyHours(string text) => text.Split(':', 2) is [var hours, var rest]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var h) && h <= LongestWait.TotalHours
        && TimeSpan.TryParseExact(rest, @"mm\:ss", CultureInfo.InvariantCulture, out var within) ? TimeSpan.FromHours(h) + within : null;

    // Not TimeSpan.Parse: it takes "10" for ten days.
    private static readonly string[] Forms = [@"h\:mm\:ss", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss"];
}
