using Akka.Actor;

namespace ActorAgents.Cluster;

/// <summary>What nodes say to each other of themselves: how their runtimes are, and that they leave.</summary>
internal sealed class NodeActor : ReceiveActor
{
    public const string Name = "node";

    /// <summary>Where other nodes find it.</summary>
    public const string Path = $"/user/{Name}";

    public NodeActor(Func<RuntimeStatus> status, LeavingNodes leaving)
    {
        Receive<GetStatus>(_ => Sender.Tell(status()));
        Receive<NodeLeaves>(node =>
        {
            leaving.Add(node);
            Sender.Tell(true);
        });
    }

    /// <summary>It has threads of Akka's own: a node whose turns have all of theirs still answers.</summary>
    public static Props Props(Func<RuntimeStatus> status, LeavingNodes leaving) =>
        Akka.Actor.Props.Create(() => new NodeActor(status, leaving)).WithDispatcher(DurableHalts.Dispatcher);
}

/// <summary>Answered with a <see cref="RuntimeStatus"/>.</summary>
internal sealed record GetStatus;
