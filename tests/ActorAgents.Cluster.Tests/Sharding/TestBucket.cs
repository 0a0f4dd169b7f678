using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorAgents.Cluster.Tests.Sharding;

/// <summary>A bucket in place of one with agents: says where it is, stops when it is handed off and writes down when it lived.</summary>
internal sealed class TestBucket : ReceiveActor
{
    private readonly Lives _lives;
    private readonly Life _life;

    public TestBucket(int number, string node, Lives lives)
    {
        _lives = lives;
        _life = new Life(number, node, lives.Now);
        Receive<WhereIs>(_ => Sender.Tell(node));
        Receive<AgentProtocol.HandOff>(_ =>
        {
            _life.HandedOff = true;
            Context.Stop(Self);
        });
    }

    protected override void PreStart() => _lives.Add(_life);

    protected override void PostStop() => _life.Ended = _lives.Now;
}

internal sealed class Life(int number, string node, TimeSpan began)
{
    public int Number => number;
    public string Node => node;
    public TimeSpan Began => began;
    public TimeSpan? Ended { get; set; }
    public bool HandedOff { get; set; }
}

/// <summary>When which bucket lived where, over all nodes of a test.</summary>
internal sealed class Lives
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentQueue<Life> _all = new();

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    public IEnumerable<Life> All => _all;

    public IEnumerable<Life> Running => _all.Where(life => life.Ended is null);

    public void Add(Life life) => _all.Enqueue(life);

    /// <summary>How many of these buckets, which have all moved, were nowhere at most at once.</summary>
    public int MostAway(IReadOnlyCollection<Life> moved)
    {
        var gaps = moved.Select(life => (From: life.Ended!.Value, To: _all.First(later => later.Number == life.Number && later.Began > life.Began).Began)).ToList();
        return gaps.Max(gap => gaps.Count(other => other.From <= gap.From && other.To > gap.From));
    }

    /// <summary>Buckets that began before an earlier life of theirs had ended.</summary>
    public IEnumerable<int> Doubled() =>
        from life in _all
        join later in _all on life.Number equals later.Number
        where life != later && life.Began <= later.Began && (life.Ended is not { } ended || ended > later.Began)
        select life.Number;
}

/// <summary>Answered by a bucket with the address of its node.</summary>
internal sealed record WhereIs(AgentId AgentId) : IAgentMessage;

internal sealed class WhereIsSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 987_001;
    public override bool IncludeManifest => false;
    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((WhereIs)obj).AgentId.Key);
    public override object FromBinary(byte[] bytes, Type type) => new WhereIs(new AgentId("test", Encoding.UTF8.GetString(bytes)));
}
