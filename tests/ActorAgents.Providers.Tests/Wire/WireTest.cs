using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

/// <summary>A test whose agent speaks to a <see cref="WireServer"/> through a real SDK.</summary>
public abstract class WireTest
{
    /// <summary>Every kind.</summary>
    public static TheoryData<string> Kinds => new(ProviderKinds.Names);

    internal static Task<AgentRuntime> StartAsync(ProviderOptions options, Action<AgentBuilder>? agent = null) =>
        AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", options)
            .AddAgent("writer", a => { a.WithLimits(l => l with { Retries = 0 }); agent?.Invoke(a); }));

    internal static async Task<List<TurnEvent>> ReadAsync(AgentRuntime runtime, AgentInput? input = null, ChatOptions? chat = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = new List<TurnEvent>();
        await foreach (var next in runtime.Agents["writer", "1"].EventsAsync(input ?? "Hi", new TurnOptions { Chat = chat }, patience.Token)) events.Add(next);
        return events;
    }
}
