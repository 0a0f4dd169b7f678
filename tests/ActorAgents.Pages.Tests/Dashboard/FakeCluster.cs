namespace ActorAgents.Pages.Tests;

/// <summary>A cluster that answers when the test says so.</summary>
internal sealed class FakeCluster : IClusterView
{
    public List<TaskCompletionSource<IReadOnlyList<NodeView>>> Questions { get; } = [];

    public CancellationToken LastToken { get; private set; }

    public static readonly NodeView Self = new("127.0.0.1:2551", [], "Up", IsReachable: true, IsSelf: true, 0, new RuntimeStatus());

    public static readonly NodeView Busy = new(
        "127.0.0.1:2552", ["agents", "gpu"], "Up", IsReachable: true, IsSelf: false, 256, new RuntimeStatus { Agents = 1_234, LiveTurns = 56, WaitingTurns = 7, QueuedInputs = 8 });

    public static readonly NodeView Lost = new("127.0.0.1:2553", ["agents"], "Up", IsReachable: false, IsSelf: false, null, null);

    public Task<IReadOnlyList<NodeView>> GetNodesAsync(CancellationToken cancellationToken = default)
    {
        LastToken = cancellationToken;
        Questions.Add(new());
        return Questions[^1].Task;
    }

    public void Answer(params NodeView[] nodes) => Questions[^1].SetResult(nodes);
}
