using Akka.Actor;

namespace ActorAgents;

/// <summary><c>/user/agents</c>: the parents of the agents, made at start so that every message finds its parent by a number.</summary>
internal sealed class AgentsRootActor : UntypedActor
{
    private readonly IActorRef[] _parents;

    public AgentsRootActor(AgentNode node, int parents)
    {
        var props = AgentsActor.Props(node);
        _parents = [.. Enumerable.Range(0, parents).Select(number => Context.ActorOf(props, number.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
    }

    /// <summary>Answered with the parents, in order.</summary>
    public sealed record GetParents : INoSerializationVerificationNeeded;

    public static Props Props(AgentNode node, int parents) => Akka.Actor.Props.Create(() => new AgentsRootActor(node, parents));

    // Its children hold the agents: a mistake in one message must not cost their conversations.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Resume);

    protected override void OnReceive(object message)
    {
        if (message is GetParents) Sender.Tell(_parents);
        else Unhandled(message);
    }
}
