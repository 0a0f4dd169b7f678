using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class NodesGaugeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCluster _cluster = new();

    [Fact]
    public void Asks_no_second_question_before_the_first_is_answered()
    {
        using var gauge = new NodesGauge(_cluster, _time);
        for (var frame = 0; frame < 20; frame++) ReadAfter(gauge, DashboardSampler.Frame);
        Assert.Single(_cluster.Questions);

        _cluster.Answer(FakeCluster.Self);

        Assert.Equal([FakeCluster.Self], ReadAfter(gauge, TimeSpan.Zero));
        Assert.Equal(2, _cluster.Questions.Count);
    }

    [Fact]
    public void Asks_again_two_seconds_after_it_asked_and_shows_the_last_answer_until_the_next()
    {
        using var gauge = new NodesGauge(_cluster, _time);
        Assert.Empty(gauge.Read());
        _cluster.Answer(FakeCluster.Self);

        Assert.Equal([FakeCluster.Self], ReadAfter(gauge, NodesGauge.Pause - TimeSpan.FromMilliseconds(1)));
        Assert.Single(_cluster.Questions);
        Assert.Equal([FakeCluster.Self], ReadAfter(gauge, TimeSpan.FromMilliseconds(1)));
        Assert.Equal(2, _cluster.Questions.Count);
        _cluster.Answer(FakeCluster.Self, FakeCluster.Busy);
        Assert.Equal([FakeCluster.Self, FakeCluster.Busy], gauge.Read());
    }

    [Fact]
    public void Reading_fails_as_the_question_did()
    {
        using var gauge = new NodesGauge(_cluster, _time);
        gauge.Read();
        _cluster.Questions[0].SetException(new InvalidOperationException("broken"));

        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(gauge.Read).Message);
    }

    [Fact]
    public void The_question_is_given_up_when_nobody_looks_any_more()
    {
        var sampler = new DashboardSampler(new FakeAgents(), _time, null, _cluster);
        var watch = sampler.Watch(_ => { }, failure => Assert.Fail(failure.Message));
        Assert.False(_cluster.LastToken.IsCancellationRequested);

        watch.Dispose();

        Assert.True(_cluster.LastToken.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_cluster.Questions);
    }

    private IReadOnlyList<NodeView> ReadAfter(NodesGauge gauge, TimeSpan time)
    {
        _time.Advance(time);
        return gauge.Read();
    }
}
