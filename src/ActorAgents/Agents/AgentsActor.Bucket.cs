using Akka.Actor;

namespace ActorAgents;

// A bucket: it starts the agents that have something to do, without being asked, and goes to another node with all it has.
internal sealed partial class AgentsActor : IWithTimers
{
    private static readonly TimeSpan KeeperPause = TimeSpan.FromSeconds(1);

    private readonly Keeper? _keeper;

    public ITimerScheduler Timers { get; set; } = null!; // Akka sets it.

    private bool _handsOff;

    /// <summary>The list of the agents that start with the bucket, and who waits for a change of it.</summary>
    private sealed class Keeper(Props props)
    {
        public Props Props => props;
        public IActorRef Actor { get; set; } = ActorRefs.Nobody;
        public bool IsOpen { get; set; }
        public HashSet<AgentId> Awake { get; } = [];
        public Dictionary<AgentId, IActorRef> Asked { get; } = [];
    }

    private void OpenKeeper()
    {
        if (_keeper is not null) _keeper.Actor = Context.Watch(Context.ActorOf(_keeper.Props));
    }

    private bool IsKeeper(IActorRef actor) => actor.Equals(_keeper?.Actor);

    private void OpenKeeperLater()
    {
        _keeper!.IsOpen = false;
        Timers.StartSingleTimer(OpenAgain.Instance, OpenAgain.Instance, KeeperPause);
    }

    private bool TakesForKeeper(object message)
    {
        if (_keeper is not { } keeper) return false;
        switch (message)
        {
            case JournalProtocol.RecoveredAwake(var agents):
                keeper.IsOpen = true;
                foreach (var agent in agents) if (keeper.Awake.Add(agent)) Route(new AgentProtocol.Awaken(agent), ActorRefs.Nobody);
                if (keeper.Asked.Count > 0) keeper.Actor.Tell(new JournalProtocol.Wake([.. keeper.Asked.Keys]), Self);
                return true;
            case JournalProtocol.Awake(var agents):
                foreach (var agent in agents)
                {
                    keeper.Awake.Add(agent);
                    if (keeper.Asked.Remove(agent, out var asked)) asked.Tell(AgentProtocol.IsAwake.Instance);
                }
                return true;
            case AgentProtocol.StayAwake(var agent):
                if (keeper.Awake.Contains(agent)) { Sender.Tell(AgentProtocol.IsAwake.Instance); return true; }
                keeper.Asked[agent] = Sender;
                if (keeper.IsOpen) keeper.Actor.Tell(new JournalProtocol.Wake([agent]), Self);
                return true;
            case AgentProtocol.MayRest(var agent):
                if (keeper.Awake.Remove(agent) && keeper.IsOpen) keeper.Actor.Tell(new JournalProtocol.Rest([agent]), Self);
                return true;
            case OpenAgain:
                OpenKeeper();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Every agent stops once what it has is stored; what comes meanwhile goes to where the bucket will be.</summary>
    private void HandOff()
    {
        _handsOff = true;
        foreach (var agent in Context.GetChildren())
            if (!IsKeeper(agent)) Context.Watch(agent).Tell(AgentProtocol.LeaveNode.Instance);
        StopIfHandedOff();
    }

    private void StopIfHandedOff()
    {
        if (_handsOff && !Context.GetChildren().Any(child => !IsKeeper(child))) Context.Stop(Self);
    }

    private sealed class OpenAgain : INoSerializationVerificationNeeded
    {
        public static readonly OpenAgain Instance = new();
    }
}
