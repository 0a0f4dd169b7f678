using System.Globalization;
using ActorAgents.Host.Commands;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Clusters;

/// <summary>One process of a cluster on this machine.</summary>
/// <param name="Arguments">What the program is called with.</param>
/// <param name="Environment">The settings that make it this node.</param>
/// <param name="Url">Where it answers HTTP.</param>
internal sealed record NodePlan(string Name, Role Role, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Url)
{
    private const string Settings = "ActorAgents__";

    /// <param name="urls">Where the page is; of the process without agents.</param>
    /// <param name="ports">Two for each node and one more.</param>
    /// <param name="console">Whether the nodes write their log to standard output.</param>
    /// <returns>The nodes, the one that begins the cluster first, and the process without agents last.</returns>
    public static IReadOnlyList<NodePlan> For(ClusterRequest request, IReadOnlyList<string> urls, IReadOnlyList<int> ports, bool console)
    {
        var nodes = Enumerable.Range(0, request.Nodes).Select(i => Plan($"node-{i + 1}", Role.Node, ports[i], [Loopback(ports[request.Nodes + i])]));
        return [.. nodes, Plan("api", Role.Api, ports[^1], urls)];

        NodePlan Plan(string name, Role role, int port, IReadOnlyList<string> at) =>
            new(name, role, Line(request, role, at), Variables(request, port, ports[0], console), at[0]);
    }

    private static IReadOnlyList<string> Line(ClusterRequest request, Role role, IReadOnlyList<string> urls)
    {
        List<string> line = ["serve", "--role", HostConfiguration.Written(role), "--exit-with-parent", "--urls", string.Join(';', urls)];
        if (request.Config is { } config) line.AddRange(["--config", Path.GetFullPath(config)]);
        if (request.Data is { } data) line.AddRange(["--data", Path.GetFullPath(data)]);
        return line;
    }

    private static Dictionary<string, string> Variables(ClusterRequest request, int port, int first, bool console)
    {
        var variables = new Dictionary<string, string>
        {
            [$"{Settings}Cluster__Host"] = ClusterSettings.DefaultHost,
            // All on this machine, whatever the file says of the one it is to be.
            [$"{Settings}Cluster__PublicHost"] = "",
            [$"{Settings}Cluster__PublicPort"] = "",
            [$"{Settings}Cluster__Port"] = port.ToString(CultureInfo.InvariantCulture),
            [$"{Settings}Cluster__Seeds"] = new NodeAddress(ClusterSettings.DefaultHost, first).ToString(),
        };
        if (request.PostgreSql is { } connection)
        {
            variables[$"{Settings}Persistence__Kind"] = "postgresql";
            variables[$"{Settings}Persistence__ConnectionString"] = connection;
        }
        if (console)
        {
            variables["Serilog__WriteTo__console__Name"] = "Console";
            variables["Serilog__WriteTo__console__Args__outputTemplate"] = "{Level:u3} {Message:lj}{NewLine}";
            // What a person who looks on wants to see is who runs which turn, and who is lost.
            variables["Serilog__MinimumLevel__Override__Akka"] = "Warning";
            variables["Serilog__MinimumLevel__Override__Microsoft.Extensions.Diagnostics.HealthChecks"] = "Fatal";
        }
        return variables;
    }

    private static string Loopback(int port) => $"http://{new NodeAddress(ClusterSettings.DefaultHost, port)}";
}
