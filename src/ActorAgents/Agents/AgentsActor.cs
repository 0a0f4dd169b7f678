using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// Parent of a share of the node's agents: starts them at their first message and stops those that have retired. An agent that retires is asked once
/// more while its messages are held back, so that none is lost between its last and the stop.
/// </summary>
internal sealed partial class AgentsActor : UntypedActor
{
    private readonly AgentNode _node;
    private readonly Props _agents;
    private Dictionary<string, Queue<(IAgentMessage Message, IActorRef Sender)>>? _retiring; // By name: a stopped child is gone before its Terminated comes.

    public AgentsActor(AgentNode node, int? bucket)
    {
        _node = node;
        _agents = bucket is null ? LeanProps.Of(node, static node => new AgentActor(node, isKept: false)) : LeanProps.Of(node, static node => new AgentActor(node, isKept: true));
        if (bucket is { } number && node.Journals is { } journals) _keeper = new(journals.Bucket(number));
    }

    /// <param name="bucket">Its number, if it holds durable or placed agents.</param>
    public static Props Props(AgentNode node, int? bucket) => LeanProps.Of((node, bucket), static of => new AgentsActor(of.node, of.bucket));

    // An agent that throws is a bug of ours; its conversation would be lost with a restart, so the actor goes on where it was.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Resume);

    protected override void PreStart() => OpenKeeper();

    protected override void OnReceive(object message)
    {
        Chaos.Point();
        switch (message)
        {
            case IAgentMessage forAgent: Route(forAgent, Sender); break;
            case AgentProtocol.Retire: HoldBack(Sender); break;
            case AgentProtocol.Stay:
                if (!_handsOff) Context.Unwatch(Sender);
                Release(Sender);
                break;
            case Terminated stopped when IsKeeper(stopped.ActorRef): OpenKeeperLater(); break;
            case Terminated stopped:
                Release(stopped.ActorRef);
                StopIfHandedOff();
                break;
            case AgentProtocol.HandOff: HandOff(); break;
            case AgentProtocol.Ping: Sender.Tell(true); break;
            default:
                if (!TakesForKeeper(message)) Unhandled(message);
                break;
        }
    }

    private void Route(IAgentMessage message, IActorRef sender)
    {
        if (_handsOff) { _node.Forward(message, sender); return; }
        var name = NameOf(message.AgentId);
        if (_retiring is not null && _retiring.TryGetValue(name, out var held))
        {
            held.Enqueue((message, sender));
            return;
        }
        var agent = Context.Child(name);
        if (!agent.IsNobody()) agent.Tell(message, sender);
        else if (message is AgentProtocol.Pull pull && _node.Logs.TryAnswer(pull, sender)) return; // What a removal left over.
        else if (!_node.Kinds.TryGetValue(message.AgentId.Kind, out var kind)) Refuse(message, sender);
        else if (message is not IAgentQuestion question || kind.IsDurable && _keeper is not null && message is not AgentProtocol.TurnEnded)
            Context.ActorOf(_agents, name).Tell(message, sender); // What a durable one would answer is known once it has started.
        else if (question.WhenAbsent is { } answer) sender.Tell(answer, Self);
    }

    /// <summary>From a node that has kinds which this one has not.</summary>
    private void Refuse(IAgentMessage message, IActorRef sender)
    {
        if (message is AgentProtocol.StartTurn) sender.Tell(new AgentProtocol.TurnAdmitted(_node.Catalog.Unknown(message.AgentId.Kind)));
        else if (message is IAgentQuestion { WhenAbsent: { } answer }) sender.Tell(answer, Self);
    }

    private void HoldBack(IActorRef agent)
    {
        if (!agent.Equals(Context.Child(agent.Path.Name)) || !(_retiring ??= []).TryAdd(agent.Path.Name, new())) return;
        Context.Watch(agent);
        agent.Tell(new AgentProtocol.RetireNow());
    }

    /// <summary>The agent stays after all, or has stopped: what was held back goes on, to it or to its successor.</summary>
    private void Release(IActorRef agent)
    {
        if (_retiring is null || !_retiring.Remove(agent.Path.Name, out var held)) return;
        if (_retiring.Count == 0) _retiring = null;
        foreach (var (message, sender) in held) Route(message, sender);
    }

    /// <summary>A path element: <c>tenant:kind:key</c>, the key escaped. Neither tenant nor kind can contain a colon.</summary>
    private static string NameOf(in AgentId id) => $"{id.Tenant}:{id.Kind}:{Uri.EscapeDataString(id.Key)}";
}
