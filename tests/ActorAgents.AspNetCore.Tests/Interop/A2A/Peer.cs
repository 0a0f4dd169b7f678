using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Clients;

namespace ActorAgents.AspNetCore.Tests.Interop.A2A;

/// <summary>A2A's own client at one call, and what it is told.</summary>
internal sealed class Peer : IDisposable
{
    private readonly NodeScript _script;

    private Peer(NodeScript script) => _script = script;

    public static Peer Start(AgentServer server, object call) => new(NodeScript.Start("a2a", server.Address, call));

    /// <summary>The one thing that a call which does not stream is told.</summary>
    public static async Task<Told> AskAsync(AgentServer server, object call)
    {
        using var peer = Start(server, call);
        return Assert.Single(await peer.RestAsync());
    }

    /// <summary>Closes the connection.</summary>
    public void Leave() => _script.Abort();

    public async Task<Told> NextAsync() => await _script.NextAsync() is { } line
        ? line.Deserialize<Told>(JsonSerializerOptions.Web)! : throw new InvalidOperationException("The client is done.");

    /// <summary>Everything up to the first that fits.</summary>
    public async Task<List<Told>> UntilAsync(Predicate<Told> fits)
    {
        var told = new List<Told>();
        do told.Add(await NextAsync()); while (!fits(told[^1]));
        return told;
    }

    public async Task<List<Told>> RestAsync()
    {
        var told = new List<Told>();
        while (await _script.NextAsync() is { } line) told.Add(line.Deserialize<Told>(JsonSerializerOptions.Web)!);
        return told;
    }

    public void Dispose() => _script.Dispose();
}

/// <param name="Event">Which object it was: a task, a statusUpdate, an artifactUpdate.</param>
internal sealed record Told(
    string? Event, string? TaskId, string? ContextId, string? State, string? Text, JsonElement[]? Data, JsonElement? Metadata, string? Artifact, bool Append, bool Last,
    Made[]? Artifacts, string[]? History, int? Total, Refused? Error)
{
    public bool IsArtifact => Event == "artifactUpdate";

    public string Answer => Artifacts!.Single(artifact => artifact.Id == "answer").Text;
}

internal sealed record Made(string Id, string Text, string[] Types);

/// <param name="Type">The name that the client gives the error, or its cause where it came within a stream.</param>
internal sealed record Refused(string Message, int? Code, string Type);

internal static class ToldExtensions
{
    /// <summary>The answer as a client puts it together from the pieces of a stream.</summary>
    public static string Answer(this IEnumerable<Told> told) => told.Aggregate("", (text, next) => next switch
    {
        { Event: "task", Artifacts: [_, ..] } => next.Answer,
        { IsArtifact: true, Artifact: "answer" } => next.Append ? text + next.Text : next.Text!,
        _ => text,
    });

    public static IEnumerable<string> States(this IEnumerable<Told> told) => told.Where(next => next.State is not null).Select(next => next.State!["TASK_STATE_".Length..]);
}
