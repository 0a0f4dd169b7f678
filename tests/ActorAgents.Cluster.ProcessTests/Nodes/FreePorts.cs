using System.Net;
using System.Net.Sockets;

namespace ActorAgents.Cluster.ProcessTests.Nodes;

internal static class FreePorts
{
    /// <summary>As many different ports of the loopback device that nobody listens at.</summary>
    public static IReadOnlyList<int> Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
