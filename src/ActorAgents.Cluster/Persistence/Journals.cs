using Akka.Actor;

namespace ActorAgents.Cluster;

/// <summary>Where durable agents write: the journal that the actor system is configured with.</summary>
internal sealed class Journals(int snapshotEvery) : IJournals
{
    public Props Agent(AgentId id, TimeSpan keepLogsFor) => AgentJournalActor.Props(id, keepLogsFor, snapshotEvery);

    public Props Bucket(int number) => BucketJournalActor.Props(number, snapshotEvery);
}
