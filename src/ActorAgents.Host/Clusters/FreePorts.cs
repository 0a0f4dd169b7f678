using System.Net;
using System.Net.Sockets;

namespace ActorAgents.Host.Clusters;

/// <summary>Finds ports of this machine that nobody listens at. Another program may take one before it is used; that is then told as any address in use.</summary>
internal static class FreePorts
{
    /// <returns>As many different ports.</returns>
    public static IReadOnlyList<int> Find(int count)
    {
        var taken = new List<TcpListener>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                taken.Add(listener);
                listener.Start();
            }
            return [.. taken.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in taken) listener.Dispose();
        }
    }
}
