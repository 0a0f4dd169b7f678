using System.Collections.Concurrent;
using System.Net.Sockets;
using ActorAgents.Cluster.Tests.Sharding;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorAgents.Cluster.Tests.Security;

/// <summary>A program that speaks Akka's protocol and is no node of ours sends what it likes.</summary>
[Collection("clusters")]
public sealed class ForeignMessageTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly Lives _lives = new();
    private readonly ConcurrentQueue<object> _received = new();
    private TestNode _node = null!;
    private TestNode _other = null!;
    private ActorSystem _foreign = null!;
    private ICanTell _recorder = null!;
    private int _pings;

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(_lives, []);
        _other = await TestNode.StartAsync(_lives, [_node]);
        _node.System.ActorOf(Props.Create(() => new Recorder(_received)), "recorder");
        _foreign = ActorSystem.Create("ActorAgents", ConfigurationFactory.ParseString("""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, maximum-frame-size = 64m }
              remote.retry-gate-closed-for = 200ms
              actor {
                serializers { unknown = "ActorAgents.Cluster.Tests.Security.UnknownSerializer, ActorAgents.Cluster.Tests", later = "ActorAgents.Cluster.Tests.Security.LaterSerializer, ActorAgents.Cluster.Tests" }
                serialization-bindings { "ActorAgents.Cluster.Tests.Security.OfUnknownSerializer, ActorAgents.Cluster.Tests" = unknown, "ActorAgents.Cluster.Tests.Security.OfLaterVersion, ActorAgents.Cluster.Tests" = later }
              }
            }
            """));
        _recorder = _foreign.ActorSelection(new RootActorPath(_node.Address) / "user" / "recorder");
        await Eventually.Become("two nodes", Soon, () => _node.Status.Nodes.Count(node => node.Status == "Up") == 2);
    }

    public async Task DisposeAsync()
    {
        await _foreign.Terminate();
        await _other.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task What_has_no_serializer_of_ours_does_not_arrive_and_the_rest_does()
    {
        await PingAsync();
        await RefusedAsync(new Plain("by Newtonsoft.Json"));
        await RefusedAsync(new InvalidOperationException("by Newtonsoft.Json"));
        await RefusedAsync(new Status.Failure(new InvalidOperationException("by its class's constructor")));
        await RefusedAsync(new Status.Success(new Plain("within another message")));
        await RefusedAsync(new OfUnknownSerializer());
        await RefusedAsync(new OfLaterVersion());
        await RefusedAsync(new string('x', 20 << 20));
        Assert.Equal(2, _node.Status.Nodes.Count(node => node is { Status: "Up", Reachable: true }));
    }

    [Fact]
    public async Task Actors_that_others_describe_are_not_started_and_actors_here_are_not_stopped()
    {
        await PingAsync();
        var deployed = _foreign.ActorOf(Props.Create(() => new Recorder(_received)).WithDeploy(new Deploy(new RemoteScope(_node.Address))), "deployed");
        deployed.Tell("to a deployed actor");
        var recorder = await ((ActorSelection)_recorder).ResolveOne(Soon);
        ((IInternalActorRef)recorder).Stop(); // A system message.
        await PingAsync();
        await PingAsync();
        Assert.DoesNotContain("to a deployed actor", _received);
    }

    [Fact]
    public async Task A_frame_that_claims_to_be_huge_costs_its_connection_only()
    {
        await PingAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(_node.Address.Host!, _node.Address.Port!.Value);
        await client.GetStream().WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0x7f, 1, 2, 3 });
        using var late = new CancellationTokenSource(Soon);
        try { Assert.Equal(0, await client.GetStream().ReadAsync(new byte[16], late.Token)); }
        catch (IOException) { } // Reset, in place of closed.
        await PingAsync();
    }

    [Fact]
    public async Task Nor_is_it_sent()
    {
        var received = new ConcurrentQueue<object>();
        _foreign.ActorOf(Props.Create(() => new Recorder(received)), "recorder");
        var there = _node.System.ActorSelection(new RootActorPath(((ExtendedActorSystem)_foreign).Provider.DefaultAddress) / "user" / "recorder");
        there.Tell(new Plain("by nothing"));
        there.Tell(new Status.Failure(new InvalidOperationException("by nothing")));
        there.Tell("text");
        await Eventually.Become("the text arrives", Soon, () => !received.IsEmpty);
        Assert.Equal("text", Assert.Single(received));
    }

    private async Task RefusedAsync(object message)
    {
        _recorder.Tell(message, ActorRefs.NoSender);
        await PingAsync();
        Assert.DoesNotContain(_received, received => received is not string { Length: < 100 });
    }

    /// <summary>Something good arrives, after what was sent before.</summary>
    private Task PingAsync()
    {
        var ping = $"ping {_pings++}";
        var sent = 0;
        return Eventually.Become("a good message arrives", Soon, () =>
        {
            if (sent++ % 10 == 0) _recorder.Tell(ping, ActorRefs.NoSender);
            return _received.Contains(ping);
        });
    }

    private sealed class Recorder : UntypedActor
    {
        private readonly ConcurrentQueue<object> _received;

        public Recorder(ConcurrentQueue<object> received) => _received = received;

        protected override void OnReceive(object message) => _received.Enqueue(message);
    }
}

internal sealed record Plain(string Text);

internal sealed record OfUnknownSerializer;

internal sealed record OfLaterVersion;

/// <summary>That no node of ours has.</summary>
internal sealed class UnknownSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 987_002;
    public override string Manifest(object o) => "x";
    public override byte[] ToBinary(object obj) => [1];
    public override object FromBinary(byte[] bytes, string manifest) => new OfUnknownSerializer();
}

/// <summary>Writes under the number of ours what ours does not know.</summary>
internal sealed class LaterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => AgentSerializer.Id;
    public override string Manifest(object o) => "st999";
    public override byte[] ToBinary(object obj) => "{}"u8.ToArray();
    public override object FromBinary(byte[] bytes, string manifest) => new OfLaterVersion();
}
