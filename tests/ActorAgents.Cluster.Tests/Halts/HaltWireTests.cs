using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;

namespace ActorAgents.Cluster.Tests.Halts;

public sealed class HaltWireTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);
    private static readonly Guid Request = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly StandingHalt Halt = new(7, HaltScope.Agent(new AgentId("writer", "a/b ü", "acme")), "over \"budget\"", At, "ann");

    /// <summary>In the order of halts.golden, which holds what journals hold: a line there is added to, never changed.</summary>
    private static readonly object[] Stored =
    [
        new HaltStood(7, Halt.Scope, Halt.Reason, "ann", At, Request),
        new HaltStood(8, HaltScope.Cluster, "maintenance", null, At, Request),
        new HaltReleased(9, Halt, "bob", At, Request),
        new HaltsSnapshot(9, [Halt with { Id = 8, Scope = HaltScope.TenantKind("acme", "writer"), By = null }], [new(Request, 8)]),
    ];

    private static readonly object[] Sent =
    [
        new HaltProtocol.Stand(Request, HaltScope.Kind("writer"), "a drill", "ann"),
        new HaltProtocol.Release(Request, 7, "acme", null),
        new HaltProtocol.Recorded(7, At, [new("10.0.0.1:2551", 3), new("akka.tcp://a@b:2", null)]),
        new HaltProtocol.Recorded(null, default, []),
        new HaltProtocol.Refused("too many"),
        new HaltProtocol.GetHalts("10.0.0.1:2551", -1),
        new HaltProtocol.Halts(9, [Halt], 8),
        new HaltProtocol.Obeyed("10.0.0.1:2551", 9, [new(7, 12)]),
        new HaltProtocol.GetHistory(long.MaxValue, 50),
        new HaltProtocol.History([new(9, HaltAction.Released, Halt, "bob", At), new(7, HaltAction.Stood, Halt, "ann", At)]),
    ];

    [Fact]
    public void What_journals_hold_is_read_and_is_still_written_so()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Halts", "halts.golden")).Select(line => line.Split(' ', 2)).ToArray();
        Assert.Equal(Stored.Length, lines.Length);
        WithSerializer(serializer =>
        {
            foreach (var (stored, line) in Stored.Zip(lines))
            {
                Assert.Equal($"{line[0]} {line[1]}", $"{serializer.Manifest(stored)} {Encoding.UTF8.GetString(serializer.ToBinary(stored))}");
                Assert.Equivalent(stored, serializer.FromBinary(Encoding.UTF8.GetBytes(line[1]), line[0]), strict: true);
            }
        });
    }

    [Fact]
    public void What_nodes_tell_each_other_is_read_as_it_was_written() => WithSerializer(serializer =>
    {
        foreach (var sent in Sent) Assert.Equivalent(sent, serializer.FromBinary(serializer.ToBinary(sent), serializer.Manifest(sent)), strict: true);
    });

    private static void WithSerializer(Action<AgentSerializer> test)
    {
        using var system = ActorSystem.Create("wire", ActorSystemSetup.Empty);
        test(new AgentSerializer((ExtendedActorSystem)system));
    }
}
