using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;

namespace ActorAgents.Testing.Tests;

public sealed class VirtualTimeTests : TestKit
{
    private readonly VirtualTime _time = new();

    public VirtualTimeTests() : base(VirtualTime.Configuration) => _time.Attach(Sys);

    [Fact]
    public void Timers_of_both_worlds_fire_by_one_advance_and_not_before()
    {
        var fired = new List<string>();
        using var timer = _time.Provider.CreateTimer(_ => fired.Add("provider"), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMinutes(1), () => fired.Add("actor"));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(fired);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["provider", "actor"], fired);
    }

    [Fact]
    public void A_timer_armed_by_a_firing_timer_fires_within_the_same_span()
    {
        var (ticks, chained) = (0, 0);
        Arm();
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(1), () => Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(1), () => chained++));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(ticks, 9, 10);
        Assert.Equal(1, chained);

        void Arm() => _time.Provider.CreateTimer(_ => { ticks++; Arm(); }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Timers_fire_at_the_moment_they_are_due_and_not_at_the_end_of_the_span()
    {
        var (start, at) = (_time.Now, default(TimeSpan));
        using var timer = _time.Provider.CreateTimer(_ => at = _time.Now - start, null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(10), step: TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(3), at);
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Now - start);
    }

    [Fact]
    public async Task An_actors_timer_is_virtual()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        await actor.Ask<string>("ready?", TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromHours(1));

        await ExpectMsgAsync("an hour passed", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_timer_of_a_graph_stage_is_virtual()
    {
        var sink = StreamProbes.Sink<string>(this);
        Source.Tick(TimeSpan.FromHours(1), TimeSpan.FromHours(1), "tick").RunWith(sink.Sink, Sys.Materializer());
        await sink.RequestAsync();
        await sink.ExpectNoSignalAsync();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("tick", await sink.ExpectNextAsync());
    }

    [Fact]
    public async Task A_system_with_real_timers_is_refused_with_the_way_out()
    {
        var system = ActorSystem.Create("real");
        try
        {
            Assert.Contains("VirtualTime.Configuration", Assert.Throws<ArgumentException>(() => _time.Attach(system)).Message);
        }
        finally
        {
            await system.Terminate();
        }
    }

    private sealed class Impatient : ReceiveActor, IWithTimers
    {
        public Impatient(IActorRef watcher)
        {
            Receive<string>(text => text == "ready?", _ =>
            {
                Timers.StartSingleTimer("hour", "an hour passed", TimeSpan.FromHours(1));
                Sender.Tell("yes");
            });
            Receive<string>(watcher.Tell);
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}
