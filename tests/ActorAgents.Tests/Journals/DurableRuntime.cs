using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;

namespace ActorAgents.Tests.Journals;

/// <summary>A runtime with a durable agent on journals in memory, and what is asked of it.</summary>
internal static class DurableRuntime
{
    public static Task<AgentRuntime> StartAsync(MemoryJournals journals, ScriptedProvider provider, Action<AgentBuilder>? agent = null, Action<ProviderBuilder>? configure = null,
        Action<ActorAgentsBuilder>? more = null) =>
        AgentRuntime.StartAsync(builder =>
        {
            builder.AddProvider("default", provider, configure).AddProvider("other", ScriptedProvider.Always("other"))
                .AddTool("late", new ScriptedTool("late", _ => "x"))
                .AddAgent("writer", a =>
                {
                    a.WithDurability(Durability.Turn);
                    agent?.Invoke(a);
                });
            more?.Invoke(builder);
        }, akka: journals.Configure);

    public static async Task<List<TurnEvent>> CollectAsync(this IAsyncEnumerable<TurnEvent> events)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<TurnEvent> all = [];
        await foreach (var next in events.WithCancellation(late.Token)) all.Add(next);
        return all;
    }

    /// <summary>Completes when what was under way has passed the actors' mailboxes and the pool, some rounds of both.</summary>
    public static async Task WhenQuietAsync(this Akka.Actor.ActorSystem system)
    {
        for (var i = 0; i < 20; i++)
        {
            await system.ActorSelection("/user/durable-agents").ResolveOne(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }
    }
}
