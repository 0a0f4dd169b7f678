using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class DashboardSamplerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeAgents _agents = new();
    private readonly List<DashboardSnapshot> _frames = [];
    private readonly List<Exception> _failures = [];

    [Fact]
    public void Measures_nothing_before_the_first_viewer_and_after_the_last()
    {
        var sampler = Sampler();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, 0), (sampler.IsRunning, _agents.Looks));

        var (first, second) = (Watch(sampler), Watch(sampler));
        first.Dispose();
        first.Dispose();
        Assert.True(sampler.IsRunning);
        second.Dispose();

        var looks = _agents.Looks;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, looks), (sampler.IsRunning, _agents.Looks));
    }

    [Fact]
    public void Viewers_see_the_very_same_frames_two_a_second()
    {
        var sampler = Sampler();
        var others = new List<DashboardSnapshot>();
        using var first = Watch(sampler);
        using var second = sampler.Watch(others.Add, _failures.Add);
        var looks = _agents.Looks;

        Pass(3);

        Assert.Equal(6, _agents.Looks - looks);
        Assert.Equal(1 + 6, _frames.Count);
        Assert.Equal(_frames[1..], others[1..], ReferenceEqualityComparer.Instance);
    }

    [Fact]
    public void A_viewer_sees_a_frame_at_once()
    {
        _agents.Snapshot = FakeAgents.Turns(new() { [TurnWait.Provider] = 7, [TurnWait.Queue] = 2, [TurnWait.Place] = 1 });

        using var watch = Watch(Sampler());

        var turns = Assert.Single(_frames).Turns;
        Assert.Equal((7, 2, 1), (turns.Live, turns.Queued, turns.Unplaced));
    }

    [Fact]
    public void Rates_are_what_was_added_in_the_seconds_that_somebody_looked()
    {
        (_agents.Snapshot, _agents.Status) = (FakeAgents.Turns([], 1_000_000), new RuntimeStatus { Completed = 5_000, Interrupted = 10, Failed = 3 });
        using var watch = Watch(Sampler());

        for (var second = 1; second <= 5; second++)
        {
            _agents.Snapshot = FakeAgents.Turns([], 1_000_000 + second * 300);
            _agents.Status = new RuntimeStatus { Completed = 5_000 + second * 40, Interrupted = 10 + second * 2, Failed = 3 + second };
            Pass(1);
        }

        var node = _frames[^1].Node!;
        Assert.Equal((300, 40, 2, 1), (node.ChunksPerSecond, node.Completed, node.Interrupted, node.Failed));
        Assert.Equal((300, 300), (node.ChunksSpark.Lowest, node.ChunksSpark.Highest));
        Assert.Equal((43, 43), (node.EndedSpark.Lowest, node.EndedSpark.Highest));
    }

    [Fact]
    public void A_pause_of_the_machine_is_as_long_in_the_line_as_it_was()
    {
        using var watch = Watch(Sampler());
        _agents.Snapshot = FakeAgents.Turns([], 1_000);

        _time.AutoAdvanceAmount = TimeSpan.Zero;
        _time.SetUtcNow(_time.GetUtcNow() + TimeSpan.FromSeconds(10));

        Assert.Equal((100, 100), (_frames[^1].Node!.ChunksSpark.Lowest, _frames[^1].Node!.ChunksSpark.Highest));
        Assert.StartsWith("M110 ", _frames[^1].Node!.ChunksSpark.Line);
    }

    [Fact]
    public void Begins_anew_after_nobody_looked()
    {
        var sampler = Sampler();
        using (Watch(sampler)) Pass(10);
        var looked = _time.GetUtcNow();

        using var again = Watch(sampler);

        Assert.Equal((looked, Spark.Empty), (_frames[^1].Looked, _frames[^1].Turns.LiveSpark));
    }

    [Fact]
    public void Shows_a_change_to_everybody_without_waiting()
    {
        var sampler = Sampler();
        using var watch = Watch(sampler);
        _agents.Halts = [new Halt(new HaltId(1), HaltScope.Cluster, "enough", _time.GetUtcNow())];

        sampler.Show();

        Assert.Equal("enough", Assert.Single(_frames[^1].Halts).Reason);
    }

    [Fact]
    public void Viewers_are_told_once_that_frames_end()
    {
        var sampler = Sampler();
        using var watch = Watch(sampler);
        _agents.IsBroken = true;

        Pass(5);

        Assert.Equal("broken", Assert.Single(_failures).Message);
        Assert.Single(_frames);
        Assert.False(sampler.IsRunning);
    }

    [Fact]
    public void A_viewer_for_whom_no_frame_can_be_made_leaves_nothing_running()
    {
        var sampler = new DashboardSampler(_agents, _time, "acme");
        _agents.IsBroken = true;

        Assert.Throws<InvalidOperationException>(() => Watch(sampler));

        Assert.False(sampler.IsRunning);
    }

    [Fact]
    public void One_tenant_is_not_told_of_the_whole_process()
    {
        using var watch = Watch(new DashboardSampler(_agents, _time, "acme"));

        Assert.Null(Assert.Single(_frames).Node);
    }

    [Fact]
    public void Kinds_know_the_halts_that_cover_them()
    {
        _agents.Snapshot = new RuntimeSnapshot(default, [FakeAgents.Kind("reader", []), FakeAgents.Kind("writer", [])], [], 0);
        _agents.Halts =
        [
            new Halt(new HaltId(1), HaltScope.Kind("writer"), "a kind", default), new Halt(new HaltId(2), HaltScope.Tenant("acme"), "of some only", default),
            new Halt(new HaltId(3), HaltScope.Agent(new AgentId("reader", "1")), "of one only", default),
        ];

        using var watch = Watch(Sampler());

        Assert.Equal([0, 1], _frames[^1].Kinds.Select(k => k.Halts.Count));
    }

    [Fact]
    public void Of_very_many_kinds_the_halted_and_the_busiest_are_shown_and_the_rest_is_summed_up()
    {
        _agents.Snapshot = new RuntimeSnapshot(default, [.. Enumerable.Range(0, 100).Select(i => FakeAgents.Kind($"kind-{i:00}", new() { [TurnWait.Tool] = i }))], [], 0);
        _agents.Halts = [new Halt(new HaltId(1), HaltScope.Kind("kind-00"), "a kind", default)];

        using var watch = Watch(Sampler());

        var kinds = _frames[^1].Kinds;
        Assert.Equal(["kind-00", .. Enumerable.Range(77, 23).Select(i => $"kind-{i:00}"), ""], kinds.Select(k => k.Kind));
        Assert.Equal((76, Enumerable.Range(1, 76).Sum()), (kinds[^1].Others, kinds[^1].Turns));
    }

    private DashboardSampler Sampler() => new(_agents, _time, null);

    private IDisposable Watch(DashboardSampler sampler) => sampler.Watch(_frames.Add, _failures.Add);

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds * 2; i++) _time.Advance(DashboardSampler.Frame);
    }
}
