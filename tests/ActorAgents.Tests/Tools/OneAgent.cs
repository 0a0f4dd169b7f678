using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

/// <summary>A runtime with one agent whose turns are read by one way out. At the end it checks that the provider's streams were read by the rules.</summary>
internal sealed class OneAgent : IAsyncDisposable
{
    private readonly WayOut _way;
    private readonly ScriptedProvider _provider;

    private OneAgent(WayOut way, ScriptedProvider provider, AgentRuntime runtime) => (_way, _provider, Runtime) = (way, provider, runtime);

    public AgentRuntime Runtime { get; }
    public Agent Agent => Runtime.Agents["writer", "1"];

    /// <summary>The turn that was read last.</summary>
    public TurnId Turn { get; private set; }

    public static Task<OneAgent> StartAsync(WayOut way, ScriptedProvider provider, params AITool[] tools) =>
        StartAsync(way, provider, agent => { foreach (var tool in tools) agent.WithTool(tool); });

    public static async Task<OneAgent> StartAsync(WayOut way, ScriptedProvider provider, Action<AgentBuilder> agent, VirtualTime? time = null, IToolSource? source = null) =>
        new(way, provider, await WaysOut.StartAsync(provider, agent, more =>
        {
            if (time is not null) more.WithTimeProvider(time.Provider);
            if (source is not null) more.AddToolSource("source", source);
        }));

    public Task<List<TurnEvent>> ReadAllAsync(AgentInput input, TurnOptions? options = null) => Runtime.ReadAllAsync(_way, Agent, input, Named(options));

    public StreamProbe<TurnEvent> Probe(AgentInput input, TurnOptions? options = null) => Runtime.Read(_way, Agent, input, Named(options)).Probe();

    public Task<bool> InterruptAsync(InterruptMode mode = InterruptMode.Immediate) => Agent.InterruptAsync(Turn, mode);

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        Assert.Empty(_provider.Violations);
    }

    private TurnOptions Named(TurnOptions? options) => (options ?? new TurnOptions()) with { TurnId = Turn = TurnId.New() };
}

internal static class Reading
{
    /// <summary>Reads on to the next event of that type, over others.</summary>
    public static async Task<T> UntilAsync<T>(this StreamProbe<TurnEvent> probe) where T : TurnEvent
    {
        while (true)
            if (await probe.NextAsync() is T found) return found;
    }

    /// <summary>Reads to the end and gives the terminal event.</summary>
    public static async Task<T> EndAsync<T>(this StreamProbe<TurnEvent> probe) where T : TerminalEvent =>
        Assert.IsType<T>((await probe.ReadAllAsync())[^1]);

    public static T End<T>(this List<TurnEvent> events) where T : TerminalEvent => Assert.IsType<T>(events[^1]);

    /// <summary>The names of the events, without those that tell only that a provider call ended.</summary>
    public static string[] Names(this IEnumerable<TurnEvent> events) => [.. events.Where(e => e is not StepFinished).Select(e => e.GetType().Name)];

    public static ToolFinished Finished(this IEnumerable<TurnEvent> events, string callId) => Assert.Single(events.OfType<ToolFinished>(), e => e.CallId == callId);
}
