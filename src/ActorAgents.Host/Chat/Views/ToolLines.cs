using System.Globalization;
using System.Text.Json;

namespace ActorAgents.Host.Chat.Views;

/// <summary>Tool calls as lines. Remembers the calls that run, so that the line of a result names its arguments too.</summary>
internal sealed class ToolLines
{
    private const int MaxValue = 48, MaxArguments = 120, MaxResult = 200;

    private readonly Dictionary<string, string> _running = new(StringComparer.Ordinal);

    public string Started(ToolStarted e) => (_running[e.CallId] = Call(e.Tool, e.Arguments)) + " …";

    public string Progress(ToolProgress e) => $"{_running.GetValueOrDefault(e.CallId, e.Tool)}: {Printable.Line(e.Value, MaxResult)}";

    public string Finished(ToolFinished e)
    {
        if (!_running.Remove(e.CallId, out var call)) call = Printable.Line(e.Tool, MaxValue);
        var outcome = e.Outcome switch
        {
            ToolOutcome.Succeeded => "=",
            ToolOutcome.Failed => "failed:",
            ToolOutcome.TimedOut => "timed out:",
            ToolOutcome.Cancelled => "cancelled:",
            _ => "rejected:",
        };
        return $"{call} {outcome} {Printable.Line(e.Result, MaxResult)} ({Time(e.Duration)})";
    }

    public static string Call(string tool, IReadOnlyDictionary<string, object?> arguments) =>
        $"{Printable.Line(tool, MaxValue)}({Printable.Line(string.Join(", ", arguments.Select(a => $"{a.Key}: {Value(a.Value)}")), MaxArguments)})";

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{Printable.Line(text, MaxValue)}\"",
        JsonElement { ValueKind: JsonValueKind.String } element => Value(element.GetString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Printable.Line(value.ToString() ?? "", MaxValue),
    };

    private static string Time(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
