using System.Threading.Channels;
using Akka.Actor;

namespace ActorAgents.Cluster.Tests.Persistence;

/// <summary>A keeper of a journal and its parent, whose place the test takes.</summary>
internal sealed class Keeper
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly Channel<object> _told = Channel.CreateUnbounded<object>();
    private readonly IActorRef _parent;

    public Keeper(ActorSystem system, Props keeper) => _parent = system.ActorOf(Props.Create(() => new ParentActor(keeper, _told.Writer)));

    public void Tell(object message) => _parent.Tell(message);

    /// <summary>The next that the keeper tells, which must be of this type; a <see cref="Terminated"/> when it has stopped.</summary>
    public async Task<T> NextAsync<T>() => Assert.IsType<T>(await NextAsync());

    public async Task<object> NextAsync()
    {
        using var time = new CancellationTokenSource(Bound);
        return await _told.Reader.ReadAsync(time.Token);
    }

    /// <summary>Stores so many inputs, the first batches of an agent's journal, and waits until they are.</summary>
    public async Task StoreInputsAsync(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            Tell(new JournalProtocol.Write(number, Entries.Batch(Entries.Accepted(TurnId.New()))));
            await NextAsync<JournalProtocol.Written>();
        }
    }

    /// <summary>All that it told before its node stopped.</summary>
    public async Task<IReadOnlyList<object>> RestAsync()
    {
        using var time = new CancellationTokenSource(Bound);
        return await _told.Reader.ReadAllAsync(time.Token).ToListAsync(time.Token);
    }

    private sealed class ParentActor : UntypedActor
    {
        private readonly ChannelWriter<object> _told;
        private readonly IActorRef _keeper;

        public ParentActor(Props keeper, ChannelWriter<object> told)
        {
            _told = told;
            _keeper = Context.Watch(Context.ActorOf(keeper, "keeper"));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

        protected override void PostStop() => _told.TryComplete();

        protected override void OnReceive(object message)
        {
            if (Sender.Equals(_keeper) || message is Terminated) _told.TryWrite(message);
            else _keeper.Tell(message);
        }
    }
}
