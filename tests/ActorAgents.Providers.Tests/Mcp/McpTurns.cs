using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>An agent with the tools of a source, and a scripted provider that calls them.</summary>
internal sealed class McpTurns : IAsyncDisposable
{
    private readonly ScriptedProvider _provider;
    private AgentRuntime _runtime = null!;
    private (string Tool, object? Arguments) _next;

    private McpTurns() => _provider = new(request => request.Messages[^1].Role == ChatRole.Tool ? Script.Text("Done.") : Script.Call(_next.Tool, _next.Arguments));

    public Agent Agent => _runtime.Agents["writer", "1"];

    public static Task<McpTurns> StartAsync(IToolSource source) => StartAsync("tools", builder => builder.AddToolSource("tools", source));

    public static async Task<McpTurns> StartAsync(string name, Action<ActorAgentsBuilder> add, Action<IServiceCollection>? services = null)
    {
        var turns = new McpTurns();
        turns._runtime = await AgentRuntime.StartAsync(builder =>
        {
            add(builder);
            builder.AddProvider("default", turns._provider).AddAgent("writer", agent => agent.WithToolSource(name));
        }, services);
        return turns;
    }

    /// <summary>A turn in which the tool is called once; what it ended with, after the turn completed.</summary>
    public async Task<ToolFinished> CallAsync(string tool, object? arguments = null)
    {
        await using var probe = Call(tool, arguments);
        var events = await probe.ReadAllAsync();
        Assert.IsType<TurnCompleted>(events[^1]);
        return Assert.Single(events.OfType<ToolFinished>());
    }

    public StreamProbe<TurnEvent> Call(string tool, object? arguments = null, TurnId? turn = null)
    {
        _next = (tool, arguments);
        return Agent.EventsAsync("go", new TurnOptions { TurnId = turn ?? TurnId.New() }).Probe();
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        Assert.Empty(_provider.Violations);
    }
}

internal static class Progress
{
    /// <summary>
    /// Reads three reports of a call that takes all the steps, which must come in order. How many of a short call are seen is not certain: a reader that is late sees
    /// the newest only, and the last may be overtaken by the result.
    /// </summary>
    public static async Task ReadProgressAsync(this StreamProbe<TurnEvent> probe, int steps)
    {
        var seen = new List<int>();
        while (seen.Count < 3)
        {
            if (await probe.NextAsync() is not ToolProgress progress) continue;
            seen.Add(int.Parse(progress.Value.Split(' ')[0]));
            Assert.Equal($"{seen[^1]} of {steps}", progress.Value);
        }
        Assert.All(seen, step => Assert.InRange(step, 1, steps));
        Assert.Equal(seen.Distinct().Order(), seen);
    }
}

internal static class ToolList
{
    public static AIFunction Named(this IEnumerable<AITool> tools, string name) => (AIFunction)tools.Single(tool => tool.Name == name);

    public static async Task<string?> CallAsync(this IToolSource source, string tool, object? arguments = null, CancellationToken token = default)
    {
        var values = arguments?.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(arguments)) ?? [];
        return (await (await source.GetToolsAsync(default)).Named(tool).InvokeAsync(new AIFunctionArguments(values), token))?.ToString();
    }
}
