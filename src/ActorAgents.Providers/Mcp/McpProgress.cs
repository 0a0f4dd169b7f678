using System.Globalization;
using ModelContextProtocol;

namespace ActorAgents.Providers;

/// <summary>
/// Passes progress on to the readers of the turn, as <c>3 of 10: message</c>. The SDK handles notifications side by side; the protocol has progress increase, so
/// one that does not is late and dropped.
/// </summary>
internal sealed class McpProgress(ToolContext context) : IProgress<ProgressNotificationValue>
{
    private readonly Lock _lock = new();
    private float _last = float.NegativeInfinity;

    public void Report(ProgressNotificationValue value)
    {
        lock (_lock)
        {
            if (!(value.Progress > _last)) return;
            _last = value.Progress;
            context.Report(Text(value));
        }
    }

    private static string Text(ProgressNotificationValue value)
    {
        var of = value.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $" of {total}") : "";
        var amount = value.Progress.ToString(CultureInfo.InvariantCulture) + of;
        return string.IsNullOrEmpty(value.Message) ? amount : $"{amount}: {value.Message}";
    }
}
