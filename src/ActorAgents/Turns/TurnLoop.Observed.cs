namespace ActorAgents;

// What others may see of a turn while it runs. From any thread; the owner keeps no count and takes no lock for it.
internal sealed partial class TurnLoop
{
    /// <summary>When it was first pulled.</summary>
    private long _arrivedAt;

    public AgentKind Kind => _kind;

    public long ArrivedAt => _arrivedAt; // Written before the turn can be found.

    /// <summary>What a turn waits for whose reader waits.</summary>
    public TurnWait WaitsFor => _phase switch
    {
        Phase.Queued => TurnWait.Queue,
        Phase.InLine => TurnWait.Place,
        Phase.Gathering => TurnWait.ToolSources,
        Phase.Reading => TurnWait.Provider,
        Phase.Tools => Volatile.Read(ref _round) is { AwaitsAnswer: true } ? TurnWait.Approval : TurnWait.Tool,
        Phase.Backoff => TurnWait.Backoff,
        _ => TurnWait.None,
    };
}
