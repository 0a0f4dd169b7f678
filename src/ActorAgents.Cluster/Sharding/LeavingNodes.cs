using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>The nodes that said that they leave, while they are still members. Safe on every thread.</summary>
internal sealed class LeavingNodes(AkkaCluster cluster)
{
    private readonly ConcurrentDictionary<UniqueAddress, bool> _said = new();

    public void Add(NodeLeaves node)
    {
        var address = cluster.SelfAddress.WithHost(node.Host).WithPort(node.Port);
        foreach (var gone in _said.Keys.Except(cluster.State.Members.Select(member => member.UniqueAddress))) _said.TryRemove(gone, out _);
        _said[new UniqueAddress(address, node.Incarnation)] = true;
    }

    public bool Has(Member member) => _said.ContainsKey(member.UniqueAddress);

    /// <param name="actor">Of this node or another.</param>
    public bool HasNodeOf(IActorRef actor)
    {
        if (_said.IsEmpty) return false;
        var address = actor.Path.Address is { HasLocalScope: false } remote ? remote : cluster.SelfAddress;
        return cluster.State.Members.Any(member => member.Address == address && Has(member));
    }
}

/// <summary>To every node: give this one no more buckets, and take those that it has, a few at a time. Answered with true.</summary>
/// <param name="Incarnation">Another whenever a process starts under the same address.</param>
internal sealed record NodeLeaves(string Host, int Port, int Incarnation);
