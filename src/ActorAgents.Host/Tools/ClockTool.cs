using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tools;

/// <summary>Date and time, in the zone of this machine unless another is named.</summary>
internal static class ClockTool
{
    public const string Name = "clock";

    public static AIFunction Create(TimeProvider time) => AIFunctionFactory.Create(
        ([Description("An IANA zone such as Europe/Berlin, its city alone, or UTC. Leave it out for the local time.")] string? timezone = null) => Read(time, timezone),
        Name, "Tells the date and the time.");

    internal static string Read(TimeProvider time, string? timezone)
    {
        var zone = string.IsNullOrWhiteSpace(timezone) ? time.LocalTimeZone : Find(timezone.Trim());
        if (zone is null) return $"Error: '{timezone}' is not a known time zone. Use an IANA name such as Europe/Berlin, or UTC.";
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var offset = now.Offset == TimeSpan.Zero ? "UTC" : "UTC" + now.ToString("zzz", CultureInfo.InvariantCulture);
        var place = zone.Id == "UTC" ? "UTC" : $"{zone.Id}, {offset}";
        return string.Create(CultureInfo.InvariantCulture, $"{now:dddd, d MMMM yyyy, HH:mm:ss} ({place})");
    }

    private static TimeZoneInfo? Find(string name)
    {
        if (name.Equals("UTC", StringComparison.OrdinalIgnoreCase)) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var exact) && exact.Id.Equals(name, StringComparison.Ordinal)) return exact;
        var city = "/" + name.Replace(' ', '_');
        return TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(z =>
            z.Id.Equals(name, StringComparison.OrdinalIgnoreCase) || z.Id.EndsWith(city, StringComparison.OrdinalIgnoreCase));
    }
}
