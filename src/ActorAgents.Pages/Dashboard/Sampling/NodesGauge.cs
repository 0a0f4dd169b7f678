namespace ActorAgents.Pages;

/// <summary>The nodes of the cluster, as they were told last. One question at a time, and none within two seconds of the one before. One thread at a time.</summary>
internal sealed class NodesGauge(IClusterView cluster, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<NodeView> _nodes = [];
    private Task<IReadOnlyList<NodeView>>? _question;
    private long? _asked;

    /// <summary>Does not wait: what a question brings is in a later reading. Throws what it threw.</summary>
    public IReadOnlyList<NodeView> Read()
    {
        if (_question is { IsCompleted: true } answer)
        {
            _question = null;
            _nodes = answer.GetAwaiter().GetResult();
        }
        if (_question is null && (_asked is not { } asked || time.GetElapsedTime(asked) >= Pause))
        {
            _asked = time.GetTimestamp();
            _question = cluster.GetNodesAsync(_left.Token);
        }
        return _nodes;
    }

    /// <summary>Gives up the question that is open.</summary>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }
}
