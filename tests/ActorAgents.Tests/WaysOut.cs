using System.Reflection;
using ActorAgents.Testing;
using Akka.Streams;
using Xunit.Sdk;

namespace ActorAgents.Tests;

/// <summary>The three ways a reader gets at a turn. A behaviour holds for each.</summary>
public enum WayOut { AwaitForeach, Source, TurnLog }

/// <summary>Runs a theory once for each way out.</summary>
public sealed class EveryWayOutAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<WayOut>().Select(way => new object[] { way });
}

/// <summary>Runs a theory once for each way out whose reader paces the provider.</summary>
public sealed class AttachedWaysOutAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[WayOut.AwaitForeach], [WayOut.Source]];
}

/// <summary>Runs the same turn by any way out.</summary>
public static class WaysOut
{
    public static IAsyncEnumerable<TurnEvent> Read(
        this AgentRuntime runtime, WayOut way, Agent agent, AgentInput input, TurnOptions? options = null, CancellationToken token = default) => way switch
    {
        WayOut.AwaitForeach => agent.EventsAsync(input, options, token),
        WayOut.Source => agent.Source(input, options).ReadAsync(runtime.System.Materializer()),
        _ => ReadLog(agent, input, options, token),
    };

    public static async Task<List<TurnEvent>> ReadAllAsync(this AgentRuntime runtime, WayOut way, Agent agent, AgentInput input, TurnOptions? options = null)
    {
        var events = new List<TurnEvent>();
        await foreach (var next in runtime.Read(way, agent, input, options)) events.Add(next);
        return events;
    }

    /// <summary>A runtime with one kind of agent, <c>writer</c>, on this provider.</summary>
    public static Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<AgentBuilder>? agent = null, Action<ActorAgentsBuilder>? more = null) =>
        AgentRuntime.StartAsync(builder =>
        {
            builder.AddProvider("default", provider).AddAgent("writer", a =>
            {
                if (Durable) a.WithDurability(Durability.Turn);
                agent?.Invoke(a);
            });
            more?.Invoke(builder);
        }, akka: Durable ? new MemoryJournals().Configure : null);

    private static readonly bool Durable = Environment.GetEnvironmentVariable("ACTORAGENTS_DURABLE") is not null;

    private static async IAsyncEnumerable<TurnEvent> ReadLog(
        Agent agent, AgentInput input, TurnOptions? options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var turn = await agent.StartAsync(input, options, token);
        await foreach (var next in turn.ReadAsync(cancellationToken: token)) yield return next;
    }
}
