using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Pattern;

namespace ActorAgents.Cluster;

/// <summary>The ledger of halts in the journal: one in a cluster, on a node with agents, or else one of this process.</summary>
internal sealed class DurableHalts : IHaltLedger
{
    /// <summary>Of the nodes that can keep the ledger and must obey it.</summary>
    public const string Role = ClusteredAgentsOptions.AgentsRole;

    /// <summary>Threads of Akka's own.</summary>
    public const string Dispatcher = "akka.actor.internal-dispatcher";

    private const string LedgerName = "halt-ledger", SingletonName = "ledger";
    private const int Page = 50;

    /// <summary>A ledger that cannot read or write stops and is started anew.</summary>
    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(500), RestartAfterAtMost = TimeSpan.FromSeconds(5);

    // The ledger's node may be lost, and with it the question; another has the ledger after 15 to 20 s.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5), GiveUpAfter = TimeSpan.FromSeconds(45);

    private ActorSystem _system = default!;
    private IActorRef _ledger = ActorRefs.Nobody;

    public void Start(ActorSystem system, AgentNode node)
    {
        _system = system;
        var isClustered = ((ExtendedActorSystem)system).Provider is IClusterActorRefProvider;
        if (node.Journals is null && (!isClustered || Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(Role)))
            throw new AgentConfigurationException("A cluster keeps its halts in a journal, and this node with agents has none: call WithDurableAgents(…).");
        var name = NameOf(((ExtendedActorSystem)system).Provider.DefaultAddress);
        var ledger = BackoffSupervisor.Props(Backoff
            .OnStop(HaltLedgerActor.Props(node.Time, name, isClustered), SingletonName, RestartAfter, RestartAfterAtMost, randomFactor: 0.1, maxNrOfRetries: -1)
            .WithFinalStopMessage(static message => message is HaltProtocol.StopLedger))
            .WithDispatcher(Dispatcher);
        _ledger = isClustered ? StartSingleton(system, ledger) : system.ActorOf(ledger, LedgerName);
        system.ActorOf(HaltsActor.Props(node, _ledger, name, isClustered), HaltsActor.Name);
    }

    /// <summary>A node's name in acknowledgements: <c>host:port</c>, or that of the actor system of one that is no node.</summary>
    public static string NameOf(Address address) => address.Host is null ? address.System : ClusterStatus.NameOf(address);

    public async Task<Halt> HaltAsync(HaltScope scope, string reason, string? by, CancellationToken cancellationToken)
    {
        var stand = new HaltProtocol.Stand(Guid.NewGuid(), scope, reason, by);
        return await AskAsync(stand, cancellationToken).ConfigureAwait(false) switch
        {
            HaltProtocol.Recorded { Epoch: { } epoch } recorded => new Halt(new HaltId(epoch), scope, reason, recorded.Since) { By = by, Nodes = recorded.Nodes },
            HaltProtocol.Refused refused => throw new HaltNotRecordedException(refused.Reason),
            var other => throw new InvalidOperationException($"The ledger of halts answered with a {other.GetType().Name}."),
        };
    }

    public async Task<bool> ReleaseAsync(HaltId halt, string? tenant, string? by, CancellationToken cancellationToken) =>
        await AskAsync(new HaltProtocol.Release(Guid.NewGuid(), halt.Value, tenant, by), cancellationToken).ConfigureAwait(false) is HaltProtocol.Recorded { Epoch: not null };

    public async Task<IReadOnlyList<HaltRecord>> GetHistoryAsync(string? tenant, int max, long before, CancellationToken cancellationToken)
    {
        var found = new List<HaltRecord>();
        while (true)
        {
            var page = (HaltProtocol.History)await AskAsync(new HaltProtocol.GetHistory(before, Page), cancellationToken).ConfigureAwait(false);
            if (page.Entries.Count == 0) return found;
            foreach (var entry in page.Entries)
            {
                if (entry.Halt.Scope.IsOf(tenant)) found.Add(entry.ToRecord());
                if (found.Count == max) return found;
            }
            before = page.Entries[^1].Epoch;
        }
    }

    private static IActorRef StartSingleton(ActorSystem system, Props ledger)
    {
        if (Akka.Cluster.Cluster.Get(system).SelfRoles.Contains(Role))
        {
            var settings = ClusterSingletonManagerSettings.Create(system).WithRole(Role).WithSingletonName(SingletonName);
            system.ActorOf(ClusterSingletonManager.Props(ledger, HaltProtocol.StopLedger.Instance, settings), LedgerName);
        }
        return system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{LedgerName}", ClusterSingletonProxySettings.Create(system).WithRole(Role).WithSingletonName(SingletonName)), $"{LedgerName}-proxy");
    }

    /// <summary>Asks until there is an answer: the ledger knows a question that comes again.</summary>
    private async Task<object> AskAsync(object question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            try { return await _ledger.AskAsync<object>(question, AskAgainAfter, cancellationToken).ConfigureAwait(false); }
            catch (AskTimeoutException late)
            {
                if (Stopwatch.GetElapsedTime(asked) < GiveUpAfter && !_system.WhenTerminated.IsCompleted) continue;
                throw new HaltNotRecordedException($"The ledger of halts did not answer within {Stopwatch.GetElapsedTime(asked).TotalSeconds:0} s. What was asked of it may be done yet: look at what stands before asking again.", late);
            }
        }
    }
}
