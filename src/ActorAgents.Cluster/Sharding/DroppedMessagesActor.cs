using Akka.Actor;
using Akka.Event;

namespace ActorAgents.Cluster;

/// <summary>
/// Sends on what a region dropped: before it hands a shard off it drops what came to it for that shard since it was told to prepare, lest its order be changed. Nobody here
/// relies on the order of messages that were not answered yet, and who asked would ask again only after seconds.
/// </summary>
internal sealed class DroppedMessagesActor : ReceiveActor
{
    /// <param name="agents">Forwards to wherever an agent is, and keeps what cannot be forwarded yet.</param>
    public DroppedMessagesActor(IActorRef agents) => Receive<AllDeadLetters>(letter =>
    {
        if ((letter as Dropped ?? letter.Message as Dropped) is { Message: IAgentMessage message } dropped) agents.Tell(message, dropped.Sender); // It comes in a dead letter.
    });

    public static Props Props(IActorRef agents) => Akka.Actor.Props.Create(() => new DroppedMessagesActor(agents));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
}
