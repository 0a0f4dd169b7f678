using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Interop;

/// <summary>A test whose agent speaks to the mock server through a real SDK.</summary>
[Collection(MockServerCollection.Name)]
public abstract class InteropTest(MockServer server)
{
    private readonly string _test = Guid.NewGuid().ToString("N");

    /// <summary>Every kind speaks its own wire.</summary>
    public static TheoryData<string> Kinds => new(ProviderKinds.Names);

    protected Task<AgentRuntime> StartAsync(string kind, Action<AgentBuilder>? agent = null, Func<ProviderOptions, ProviderOptions>? change = null) =>
        AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", change is null ? server.Options(kind, _test) : change(server.Options(kind, _test)))
            .AddAgent("writer", a => agent?.Invoke(a)));

    protected Task<System.Text.Json.JsonElement[]> JournalAsync() => server.JournalAsync(_test);

    protected static AIFunction Weather(List<string>? asked = null) => AIFunctionFactory.Create(
        (string city) =>
        {
            lock (asked ??= []) asked.Add(city);
            return city == "Rome" ? 25 : 18;
        }, "get_weather", "The temperature in a city, in degrees.");

    protected static async Task<List<TurnEvent>> ReadAsync(Agent agent, string prompt, TurnOptions? options = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = new List<TurnEvent>();
        await foreach (var next in agent.EventsAsync(prompt, options, patience.Token)) events.Add(next);
        return events;
    }

    protected static TTerminal End<TTerminal>(IReadOnlyList<TurnEvent> events) where TTerminal : TerminalEvent
    {
        if (events[^1] is not TTerminal) Assert.Fail($"The turn ended with {events[^1]}");
        return (TTerminal)events[^1];
    }
}
