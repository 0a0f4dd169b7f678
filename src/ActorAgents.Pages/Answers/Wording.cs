using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorAgents.Pages;

/// <summary>How the runtime's terms read to a person.</summary>
internal static class Wording
{
    public const string Steered = "The running answer took this in.";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(InterruptReason reason) => reason switch
    {
        InterruptReason.User => "Stopped by you.",
        InterruptReason.Caller => "Cancelled by its caller.",
        InterruptReason.ReaderGone => "Stopped because its reader left.",
        InterruptReason.FirstTokenTimeout => "Stopped: the model did not begin to answer in time.",
        InterruptReason.IdleTimeout => "Stopped: the model fell silent.",
        InterruptReason.TotalTimeout => "Stopped: it took longer than a turn may.",
        InterruptReason.TextLimit => "Stopped: the answer grew too long.",
        InterruptReason.Replaced => "Stopped: a newer message took its place.",
        InterruptReason.Halted => "Stopped by a halt.",
        InterruptReason.Shutdown => "Stopped: the server shut down.",
        InterruptReason.NodeLost => "Stopped: the server that ran it was lost.",
        _ => $"Stopped ({reason}).",
    };

    public static string Of(TurnLimit limit) => limit switch
    {
        TurnLimit.ToolRounds => "The limit on rounds of tool calls ended the work.",
        TurnLimit.ToolCalls => "The limit on tool calls ended the work.",
        TurnLimit.TurnTokens => "The limit on tokens ended the work.",
        _ => $"A limit ended the work ({limit}).",
    };

    public static string OfRefusal(TurnError error) => error.Kind switch
    {
        TurnErrorKind.Busy => "The agent is busy and takes nothing more for now: send it again when an answer has ended.",
        TurnErrorKind.Halted => $"The agent is halted: nothing runs until the halt is released. {error.Message}",
        _ => error.ToPublicMessage(),
    };

    public static string Of(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Succeeded => "done",
        ToolOutcome.Failed => "failed",
        ToolOutcome.TimedOut => "timed out",
        ToolOutcome.Cancelled => "cancelled",
        ToolOutcome.Rejected => "rejected",
        _ => outcome.ToString(),
    };

    public static string Of(IEnumerable<KeyValuePair<string, object?>> arguments) =>
        string.Join('\n', arguments.Select(a => $"{a.Key}: {Of(a.Value)}"));

    public static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
    };

    private static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => JsonSerializer.Serialize(value, Readable),
    };
}
