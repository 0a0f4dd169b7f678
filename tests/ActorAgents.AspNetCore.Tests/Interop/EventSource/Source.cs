using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Clients;

namespace ActorAgents.AspNetCore.Tests.Interop.EventSource;

/// <summary>An <c>EventSource</c> in Node at work, and what it notices.</summary>
internal sealed class Source : IDisposable
{
    private readonly NodeScript _script;

    private Source(NodeScript script) => _script = script;

    public static Source Open(Uri server, string path) => new(NodeScript.Start("eventsource", server, new { task = "follow", path }));

    public void Close() => _script.Abort();

    /// <summary>Everything until a notice of that event, or until the end.</summary>
    public async Task<List<Notice>> UntilAsync(string @event)
    {
        var notices = new List<Notice>();
        while (await _script.NextAsync() is { } line)
        {
            notices.Add(line.Deserialize<Notice>(JsonSerializerOptions.Web)!);
            if (notices[^1].Event == @event) break;
        }
        return notices;
    }

    public Task<List<Notice>> RestAsync() => UntilAsync("");

    public void Dispose() => _script.Dispose();
}

/// <param name="Lost">The connection broke; the source opens another by itself.</param>
/// <param name="Closed">It is over; the number is the status that ended it, or 0 when the page closed it.</param>
internal sealed record Notice(string? Event, string? Id, string? Data, bool Opened, bool Lost, int? Closed);
