using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorAgents.Tests.Chunks;

public sealed class LegacyAgentTests : TestKit
{
    [Fact, Trait("Behaviour", "T85")]
    public async Task Blocking_is_allowed_on_a_plain_thread() => await OnOwnThread(Guard);

    [Fact, Trait("Behaviour", "T85")]
    public async Task Blocking_is_refused_on_a_synchronization_context()
    {
        var attempt = OnOwnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new());
            Guard();
        });

        Assert.Contains("Await Agent.RunAsync", (await Assert.ThrowsAsync<InvalidOperationException>(() => attempt)).Message);
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Blocking_is_refused_on_another_task_scheduler()
    {
        var schedulers = new ConcurrentExclusiveSchedulerPair();
        var attempt = Task.Factory.StartNew(Guard, default, TaskCreationOptions.None, schedulers.ExclusiveScheduler);

        await Assert.ThrowsAsync<InvalidOperationException>(() => attempt);
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Blocking_is_refused_inside_an_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BlockingActor()));

        Assert.Contains("inside an actor", await actor.Ask<string>("go", TimeSpan.FromSeconds(30)));
    }

    [Fact, Trait("Behaviour", "T85")]
    public async Task Synchronous_streaming_pulls_one_at_a_time_and_releases_the_stream_when_left()
    {
        var source = new Counting();

        await OnOwnThread(() =>
        {
            using var reader = LegacyAgent.Pull(() => source.ReadAsync()).GetEnumerator();
            Assert.Equal(0, source.Given);
            Assert.True(reader.MoveNext());
            Assert.True(reader.MoveNext());
            Assert.Equal((2, 2), (reader.Current, source.Given));
            Assert.False(source.Released);
        });

        Assert.True(source.Released);
    }

    // Not the pool's: a TestKit leaves its test actor's cell on the threads that construct it, and they would pass for an actor's.
    private static Task OnOwnThread(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try { action(); done.SetResult(); }
            catch (Exception exception) { done.SetException(exception); }
        }).Start();
        return done.Task;
    }

    private static void Guard() => BlockingGuard.ThrowIfUnsafe("Run", "RunAsync");

    private sealed class BlockingActor : ReceiveActor
    {
        public BlockingActor() => ReceiveAny(_ =>
        {
            try { Guard(); Sender.Tell("allowed"); }
            catch (InvalidOperationException refusal) { Sender.Tell(refusal.Message); }
        });
    }

    private sealed class Counting
    {
        public int Given { get; private set; }
        public bool Released { get; private set; }

        public async IAsyncEnumerable<int> ReadAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Yield();
                    yield return ++Given;
                }
            }
            finally
            {
                Released = true;
            }
        }
    }
}
