using ActorAgents.Host.Chat;
using ActorAgents.Host.Clusters;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Commands;

/// <summary>Runs <c>cluster</c>: several processes on this machine, until this one is asked to end.</summary>
internal sealed class ClusterCommand(Terminal terminal, TextWriter output)
{
    private readonly Lock _lines = new();

    public async Task<int> RunAsync(ClusterRequest request)
    {
        using var interruptions = new Interruptions().Listen();
        try
        {
            var configuration = Load(request);
            var persistence = KeptFiles.In(request.Data, configuration.Settings.Persistence);
            using var claim = KeptFiles.ClaimForCluster(persistence);
            var plans = Plan(request, configuration);
            using var cluster = new LocalCluster(plans, TimeProvider.System, Tell);
            return await RunAsync(cluster, plans, persistence, interruptions.Leaving);
        }
        catch (Exception e) when (e is HostConfigurationException or UsageException)
        {
            terminal.Error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
    }

    private async Task<int> RunAsync(LocalCluster cluster, IReadOnlyList<NodePlan> plans, PersistenceSettings persistence, CancellationToken leaving)
    {
        try
        {
            Tell($"Starting {plans.Count - 1} nodes and a process without agents for HTTP; that takes some seconds.");
            await cluster.StartAsync(leaving);
            Announce(cluster, persistence);
            foreach (var node in cluster.Nodes) _ = TellOfEndAsync(node, leaving);
            await Task.WhenAny(cluster.AllEnded(), Task.Delay(Timeout.Infinite, leaving));
            if (leaving.IsCancellationRequested) return ExitCode.Ok;
            terminal.Error.WriteLine("Nothing runs any more.");
            return ExitCode.Failed;
        }
        catch (NodeFailedException e)
        {
            terminal.Error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        finally
        {
            await cluster.StopAsync();
        }
    }

    /// <summary>What the nodes will be told, so that a mistake is found, and listed, before any of them starts.</summary>
    private static HostConfiguration Load(ClusterRequest request)
    {
        if (request.Nodes is < 1 or > ClusterRequest.MostNodes) throw new UsageException($"--nodes must be 1 to {ClusterRequest.MostNodes}.");
        var environment = Environment.GetEnvironmentVariables();
        foreach (var (name, value) in NodePlan.For(request, [ServerSettings.DefaultUrl], [.. Enumerable.Repeat(ClusterSettings.DefaultPort, 2 * request.Nodes + 1)], console: false)[0].Environment)
            environment[name] = value;
        return HostConfiguration.Load(ConfigurationFolders.Find(request.Config), Role.Node, environment);
    }

    private static IReadOnlyList<NodePlan> Plan(ClusterRequest request, HostConfiguration configuration)
    {
        var server = configuration.Settings.Server;
        var urls = request.Urls.Count > 0 ? request.Urls : server.Urls;
        ServeCommand.Check(urls, server);
        var ports = FreePorts.Find(2 * request.Nodes + 1 + urls.Count);
        return NodePlan.For(request, [.. urls.Zip(ports, ServerSettings.WithPort)], [.. ports.Skip(urls.Count)], console: !WritesToConsole(configuration.Serilog));
    }

    private static bool WritesToConsole(IConfiguration serilog) =>
        serilog.GetSection("Serilog:WriteTo").GetChildren().Any(sink => (sink["Name"] ?? sink.Value) is "Console");

    private void Announce(LocalCluster cluster, PersistenceSettings persistence) => Tell($"""

        ActorAgents is at {ServerSettings.Reached(cluster.Nodes[^1].Plan.Url)}, a cluster on this machine: open it in a browser to chat.

        {string.Join('\n', cluster.Nodes.Select(node => $"  {node.Plan.Name} is process {node.Id}{(node.Plan.Role == Role.Api ? ", without agents: it only answers" : "")}"))}

        Conversations are kept in {(persistence.File is { } file ? $"{file}, which all nodes open: this is for trying out. A cluster of several machines uses PostgreSQL." : "PostgreSQL.")}
        End a node, by kill -9 and its number, and its agents go on at the others after some seconds. Ctrl+C ends all.

        """);

    private async Task TellOfEndAsync(NodeProcess node, CancellationToken leaving)
    {
        var code = await node.Ended;
        if (leaving.IsCancellationRequested) return;
        Tell($"{node.Plan.Name} has ended with exit code {code}. {(node.Plan.Role == Role.Api ? $"Nothing answers at {node.Plan.Url} any more." : "Its agents go on at the nodes that are left.")}");
    }

    private void Tell(string lines)
    {
        lock (_lines) output.WriteLine(lines);
    }
}
