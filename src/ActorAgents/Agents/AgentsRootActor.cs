using System.Globalization;
using Akka.Actor;

namespace ActorAgents;

/// <summary><c>/user/agents</c> and <c>/user/durable-agents</c>: the parents of the agents, made at start so that every message finds its parent by a number.</summary>
internal sealed class AgentsRootActor : UntypedActor
{
    private readonly IActorRef[] _parents;

    public AgentsRootActor(int parents, Func<int, Props> parent) =>
        _parents = [.. Enumerable.Range(0, parents).Select(number => Context.ActorOf(parent(number), number.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Answered with the parents, in order.</summary>
    public sealed record GetParents : INoSerializationVerificationNeeded;

    public static Props Props(int parents, Func<int, Props> parent) => Akka.Actor.Props.Create(() => new AgentsRootActor(parents, parent));

    // Its children hold the agents: a mistake in one message must not cost their conversations.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Resume);

    protected override void OnReceive(object message)
    {
        if (message is GetParents) Sender.Tell(_parents);
        else Unhandled(message);
    }
}
