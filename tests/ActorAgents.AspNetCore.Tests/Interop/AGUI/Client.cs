using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Clients;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

/// <summary>What a run of the client does; see <c>tests/interop/clients/agui.mjs</c>.</summary>
/// <param name="Say">A message of the user's.</param>
/// <param name="Tools">Whether the client offers its tool, and goes on with its results.</param>
/// <param name="Answers">To the interrupts of the run before, in order; the last one holds for those that are left.</param>
/// <param name="Strangers">Further entries of <c>resume</c>.</param>
/// <param name="Thread">Another thread than the call's.</param>
/// <param name="Forgets">The client has no messages, as after a page was loaded again.</param>
internal sealed record Run(
    string? Say = null, bool Tools = false, object[]? Context = null, object[]? Answers = null, object[]? Strangers = null, string? Thread = null, string? RunId = null, bool Forgets = false)
{
    public static object Yes { get; } = new { status = "resolved", payload = new { approved = true } };
    public static object No(string reason) => new { status = "resolved", payload = new { approved = false, reason } };
    public static object GivenUp { get; } = new { status = "cancelled" };
}

/// <summary>One line of what the client shows.</summary>
internal sealed record Shown
{
    public JsonElement? Event { get; init; }
    public string? Outcome { get; init; }
    public JsonElement? Messages { get; init; }
    public JsonElement? Interrupts { get; init; }
    public ToolCall? Call { get; init; }
    public string? Warning { get; init; }
    public Problem? Error { get; init; }

    public string? Type => Event?.GetProperty("type").GetString();
}

/// <summary>AG-UI's client in Node at work.</summary>
internal sealed class Client : IDisposable
{
    private readonly NodeScript _script;

    private Client(NodeScript script) => _script = script;

    public static Client Start(AgentServer server, params Run[] runs) => Start(server.Address, null, runs);

    public static Client Start(Uri address, string? key, params Run[] runs) =>
        new(NodeScript.Start("agui", address, new { task = "runs", kind = "assistant", thread = "t1", key, runs }));

    public void Abort() => _script.Abort();

    public async Task<List<Shown>> UntilAsync(Func<Shown, bool> last)
    {
        var shown = new List<Shown>();
        while (await _script.NextAsync() is { } line)
        {
            shown.Add(line.Deserialize<Shown>(JsonSerializerOptions.Web)!);
            if (last(shown[^1])) break;
        }
        return shown;
    }

    public Task<List<Shown>> UntilAsync(string type) => UntilAsync(shown => shown.Type == type);

    public Task<List<Shown>> RestAsync() => UntilAsync(_ => false);

    /// <summary>The rest of what must bring neither an error nor a word of the client on what it did not understand.</summary>
    public async Task<List<Shown>> CleanRestAsync()
    {
        var rest = await RestAsync();
        Assert.DoesNotContain(rest, shown => shown.Warning is not null || shown.Error is not null || shown.Type == "RUN_ERROR");
        return rest;
    }

    public void Dispose() => _script.Dispose();
}

internal static class ShownExtensions
{
    public static List<string> Types(this IEnumerable<Shown> shown) => [.. shown.Select(line => line.Type).OfType<string>()];

    public static List<JsonElement> Of(this IEnumerable<Shown> shown, string type) => [.. shown.Where(line => line.Type == type).Select(line => line.Event!.Value)];

    public static string Joined(this IEnumerable<Shown> shown, string type) => string.Concat(shown.Of(type).Select(e => e.Text("delta")));

    public static List<string> Outcomes(this IEnumerable<Shown> shown) => [.. shown.Select(line => line.Outcome).OfType<string>()];

    /// <summary>The client's messages at its end, a line each: the role, then text, calls, or the call it answers.</summary>
    public static List<string> Conversation(this IEnumerable<Shown> shown) => [.. shown.Last(line => line.Messages is not null).Messages!.Value.EnumerateArray().Select(Line)];

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Line(JsonElement message)
    {
        var line = $"{message.Text("role")}:";
        if (message.TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } text) line += $" {text}";
        if (message.TryGetProperty("toolCalls", out var calls))
            foreach (var call in calls.EnumerateArray()) line += $" [{call.GetProperty("function").Text("name")} {call.GetProperty("function").Text("arguments")}]";
        return message.TryGetProperty("toolCallId", out var answered) ? $"{line} <{answered.GetString()}>" : line;
    }
}
