using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// Parent of a share of the node's agents: starts them at their first message and stops those that have retired. An agent that retires is asked once
/// more while its messages are held back, so that none is lost between its last and the stop.
/// </summary>
internal sealed class AgentsActor : UntypedActor
{
    private readonly Props _agents;
    private Dictionary<string, Queue<(IAgentMessage Message, IActorRef Sender)>>? _retiring; // By name: a stopped child is gone before its Terminated comes.

    public AgentsActor(AgentNode node) => _agents = LeanProps.Of(node, static node => new AgentActor(node));

    public static Props Props(AgentNode node) => LeanProps.Of(node, static node => new AgentsActor(node));

    // An agent that throws is a bug of ours; its conversation would be lost with a restart, so the actor goes on where it was.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Resume);

    protected override void OnReceive(object message)
    {
        Chaos.Point();
        switch (message)
        {
            case IAgentMessage forAgent: Route(forAgent, Sender); break;
            case AgentProtocol.Retire: HoldBack(Sender); break;
            case AgentProtocol.Stay: Context.Unwatch(Sender); Release(Sender); break;
            case Terminated stopped: Release(stopped.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    private void Route(IAgentMessage message, IActorRef sender)
    {
        var name = NameOf(message.AgentId);
        if (_retiring is not null && _retiring.TryGetValue(name, out var held))
        {
            held.Enqueue((message, sender));
            return;
        }
        var agent = Context.Child(name);
        if (!agent.IsNobody()) agent.Tell(message, sender);
        else if (message is not IAgentQuestion question) Context.ActorOf(_agents, name).Tell(message, sender);
        else if (question.WhenAbsent is { } answer) sender.Tell(answer, Self);
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
