using System.Net;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Clusters;

/// <summary>The processes of a cluster on this machine. None of them outlives it.</summary>
/// <param name="tell">Takes what they write, a line at a time; called by one thread or another.</param>
internal sealed class LocalCluster(IReadOnlyList<NodePlan> plans, TimeProvider time, Action<string> tell) : IDisposable
{
    /// <summary>Loading the program and joining takes seconds; on a busy machine many.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);

    /// <summary>Longer than a node takes for all that it does before it leaves; what still runs then is ended by force.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) }; // All are on this machine.
    private readonly List<NodeProcess> _nodes = [];

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Starts the first, which begins the cluster, then the others at once. Completes when all are ready.</summary>
    /// <exception cref="NodeFailedException">One of them has ended, or was not ready in time.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadyAsync(Start(plans[0]), cancellationToken);
        await Task.WhenAll(plans.Skip(1).Select(Start).ToList().Select(node => ReadyAsync(node, cancellationToken)));
    }

    /// <summary>Lets all of them leave the cluster, and ends by force what has not left after half a minute.</summary>
    public async Task StopAsync()
    {
        foreach (var node in _nodes) node.Leave();
        try
        {
            await AllEnded().WaitAsync(LeaveWithin, time);
        }
        catch (TimeoutException)
        {
            foreach (var node in _nodes.Where(node => !node.Ended.IsCompleted))
            {
                tell($"{node.Plan.Name} has not left within {LeaveWithin.TotalSeconds} s and is ended.");
                node.Kill();
            }
            await AllEnded();
        }
    }

    /// <summary>Completes when nothing runs any more. Tells of each that ends before.</summary>
    public Task AllEnded() => Task.WhenAll(_nodes.Select(node => node.Ended));

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        _client.Dispose();
    }

    private NodeProcess Start(NodePlan plan)
    {
        var node = NodeProcess.Start(plan, line => tell($"{plan.Name} | {line}"));
        _nodes.Add(node);
        return node;
    }

    private async Task ReadyAsync(NodeProcess node, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!await IsReadyAsync(node, cancellationToken))
        {
            if (time.GetElapsedTime(started) > ReadyWithin) throw new NodeFailedException($"{node.Plan.Name} is not ready after {ReadyWithin.TotalSeconds} s.");
            await Task.WhenAny(node.Ended, Task.Delay(AskAgainAfter, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (node.Ended.IsCompleted) throw new NodeFailedException($"{node.Plan.Name} ended with exit code {await node.Ended} before it was ready; what it wrote is above.");
        }
    }

    private async Task<bool> IsReadyAsync(NodeProcess node, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync($"{ServerSettings.Reached(node.Plan.Url)}/health/ready", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException || e is TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>A node could not be started. The message says which and why.</summary>
internal sealed class NodeFailedException(string message) : Exception(message);
