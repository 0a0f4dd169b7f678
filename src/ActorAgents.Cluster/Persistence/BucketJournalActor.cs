using System.Collections.Immutable;
using Akka.Actor;

namespace ActorAgents.Cluster;

/// <summary>
/// Keeps the list of a bucket's agents that start with it, for the bucket, its parent; see <see cref="JournalProtocol"/>. What comes while an event is being
/// stored is stored together as the next.
/// </summary>
internal sealed class BucketJournalActor(int number, int snapshotEvery) : JournalActor(PersistenceIds.OfBucket(number), snapshotEvery)
{
    private readonly Dictionary<AgentId, bool> _changes = []; // Waiting to be stored: awake or not.
    private readonly List<AgentId> _asked = [];               // To be told that they are stored as awake.
    private ImmutableHashSet<AgentId> _awake = [];
    private bool _stores;

    public static Props Props(int number, int snapshotEvery) => Akka.Actor.Props.Create(typeof(BucketJournalActor), number, snapshotEvery);

    protected override object Snapshot => new AwakeAgents([.. _awake]);

    protected override void Recover(object stored) => _awake = stored switch
    {
        AwakeAgents snapshot => [.. snapshot.Agents],
        AwakeChanged changed => Apply(changed),
        _ => throw new InvalidOperationException($"The journal of a bucket holds a {stored.GetType().Name}, which is not known."),
    };

    protected override void Recovered() => Context.Parent.Tell(new JournalProtocol.RecoveredAwake([.. _awake]));

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case JournalProtocol.Wake wake:
                foreach (var agent in wake.Agents) _changes[agent] = true;
                _asked.AddRange(wake.Agents);
                break;
            case JournalProtocol.Rest rest:
                foreach (var agent in rest.Agents) _changes[agent] = false;
                break;
            default: Unhandled(message); return;
        }
        if (!_stores) Store();
    }

    private void Store()
    {
        AgentId[] asked = [.. _asked];
        var changed = new AwakeChanged(
            [.. _changes.Where(change => change.Value && !_awake.Contains(change.Key)).Select(change => change.Key)],
            [.. _changes.Where(change => !change.Value && _awake.Contains(change.Key)).Select(change => change.Key)]);
        _asked.Clear();
        _changes.Clear();
        if (changed.Woken.Count == 0 && changed.Rested.Count == 0)
        {
            Tell(asked);
            return;
        }
        _stores = true;
        PersistAsync(changed, stored =>
        {
            _stores = false;
            _awake = Apply(stored);
            Stored();
            Tell(asked);
            if (_changes.Count > 0) Store();
        });
    }

    private static void Tell(AgentId[] asked)
    {
        if (asked.Length > 0) Context.Parent.Tell(new JournalProtocol.Awake(asked));
    }

    private ImmutableHashSet<AgentId> Apply(AwakeChanged changed) => _awake.Union(changed.Woken).Except(changed.Rested);
}

/// <summary>Agents were put on a bucket's list, and taken from it.</summary>
internal sealed record AwakeChanged(IReadOnlyList<AgentId> Woken, IReadOnlyList<AgentId> Rested);

/// <summary>A bucket's list.</summary>
internal sealed record AwakeAgents(IReadOnlyList<AgentId> Agents);
