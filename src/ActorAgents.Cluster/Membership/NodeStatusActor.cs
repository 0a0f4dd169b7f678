using Akka.Actor;

namespace ActorAgents.Cluster;

/// <summary>Tells whoever asks, on every node, how its runtime is.</summary>
internal sealed class NodeStatusActor : ReceiveActor
{
    /// <summary>Where other nodes find it.</summary>
    public const string Name = "node-status";

    public NodeStatusActor(Func<RuntimeStatus> status) => Receive<GetStatus>(_ => Sender.Tell(status()));

    /// <summary>It has threads of Akka's own: a node whose turns have all of theirs still answers.</summary>
    public static Props Props(Func<RuntimeStatus> status) => Akka.Actor.Props.Create(() => new NodeStatusActor(status)).WithDispatcher(DurableHalts.Dispatcher);
}

/// <summary>Answered with a <see cref="RuntimeStatus"/>.</summary>
internal sealed record GetStatus;
