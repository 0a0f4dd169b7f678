using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorAgents.Benchmarks.Peers;

/// <summary>Reads one turn by one of our ways out.</summary>
internal sealed record AgentReading(string Name, Func<AgentRuntime, Agent, AgentInput, TurnOptions?, Action<TurnEvent>, Task> RunAsync)
{
    public static readonly AgentReading Direct = new("direct", static async (_, agent, input, options, saw) =>
    {
        await foreach (var next in agent.EventsAsync(input, options)) saw(next);
    });

    public static readonly AgentReading Log = new("log and reader", static async (_, agent, input, options, saw) =>
    {
        var turn = await agent.StartAsync(input, options);
        await foreach (var next in turn.ReadAsync()) saw(next);
    });

    public static readonly AgentReading Source = new("Source", static (runtime, agent, input, options, saw) =>
        agent.Source(input, options).RunForeach(saw, runtime.System.Materializer()));
}
