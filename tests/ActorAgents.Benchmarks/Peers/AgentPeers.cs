using System.Diagnostics;
using ActorAgents.Benchmarks.Clients;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorAgents.Benchmarks.Peers;

/// <summary>A way out of our turns. Each worker talks to an agent of its own, which keeps the conversation.</summary>
internal abstract class AgentPeer(string name, Script script, AgentRuntime runtime) : Peer(name)
{
    protected Script Script { get; } = script;
    protected AgentRuntime Runtime { get; } = runtime;

    /// <summary>A runtime with one kind of agent that sends no history, so that every turn is alike.</summary>
    public static Task<AgentRuntime> StartAsync(Script script, Microsoft.Extensions.AI.IChatClient client) => AgentRuntime.StartAsync(agents => agents
        .AddProvider("default", client)
        .AddAgent("writer", agent =>
        {
            agent.WithLimits(limits => limits with { HistoryTurns = 0 });
            if (script.Weather is { } tool) agent.WithTool(tool);
        }));

    protected Agent AgentOf(int worker) => Runtime.Agents["writer", $"{Name}-{worker}"];

    protected async Task ReadTextAsync(IAsyncEnumerable<StreamChunk> chunks, long asked)
    {
        var (length, isFinal) = (0, false);
        await foreach (var chunk in chunks)
        {
            if (length == 0) First(asked);
            length += chunk.Content.Length;
            isFinal = chunk.IsFinal;
        }
        if (length != Script.Text.Length || !isFinal) throw new InvalidOperationException($"{length} characters arrived of {Script.Text.Length}.");
    }

    /// <summary>Keeps the conversation as short as the other peers do.</summary>
    protected static Task EndAsync(Agent agent, int turn) => turn % KeptTurns == KeptTurns - 1 ? agent.ClearAsync() : Task.CompletedTask;
}

internal sealed class DirectPeer(Script script, AgentRuntime runtime) : AgentPeer("direct, events", script, runtime)
{
    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var isFirst = true;
            await foreach (var next in agent.EventsAsync(Script.Prompt))
            {
                if (next is TextDelta) { if (isFirst) First(asked); isFirst = false; }
                else if (next is TerminalEvent terminal) Script.Check(Script.Text, terminal.TextSoFar);
            }
            await EndAsync(agent, turn);
        }
    }
}

internal sealed class TextPeer(Script script, AgentRuntime runtime) : AgentPeer("direct, text", script, runtime)
{
    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            await ReadTextAsync(agent.StreamAsync(Script.Prompt), asked);
            await EndAsync(agent, turn);
        }
    }
}

internal sealed class LogTextPeer(Script script, AgentRuntime runtime) : AgentPeer("log, text", script, runtime)
{
    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var started = await agent.StartAsync(Script.Prompt);
            await ReadTextAsync(started.StreamAsync(), asked);
            await EndAsync(agent, turn);
        }
    }
}

internal sealed class LogPeer(Script script, AgentRuntime runtime) : AgentPeer("log, events", script, runtime)
{
    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var isFirst = true;
            var started = await agent.StartAsync(Script.Prompt);
            await foreach (var next in started.ReadAsync())
            {
                if (next is TextDelta) { if (isFirst) First(asked); isFirst = false; }
                else if (next is TerminalEvent terminal) Script.Check(Script.Text, terminal.TextSoFar);
            }
            await EndAsync(agent, turn);
        }
    }
}

internal sealed class SourcePeer(Script script, AgentRuntime runtime) : AgentPeer("Source, stock ForEach", script, runtime)
{
    private readonly IMaterializer _materializer = runtime.System.Materializer();

    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var isFirst = true;
            await agent.Source(Script.Prompt).RunForeach(next =>
            {
                if (next is TextDelta) { if (isFirst) First(asked); isFirst = false; }
                else if (next is TerminalEvent terminal) Script.Check(Script.Text, terminal.TextSoFar);
            }, _materializer);
            await EndAsync(agent, turn);
        }
    }
}

internal sealed class HandOffPeer(Script script, AgentRuntime runtime) : AgentPeer("Source, hand-off", script, runtime)
{
    private readonly IMaterializer _materializer = runtime.System.Materializer();

    public override async Task RunAsync(int worker, int turns)
    {
        var agent = AgentOf(worker);
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var isFirst = true;
            await foreach (var next in agent.Source(Script.Prompt).ReadAsync(_materializer))
            {
                if (next is TextDelta) { if (isFirst) First(asked); isFirst = false; }
                else if (next is TerminalEvent terminal) Script.Check(Script.Text, terminal.TextSoFar);
            }
            await EndAsync(agent, turn);
        }
    }
}
