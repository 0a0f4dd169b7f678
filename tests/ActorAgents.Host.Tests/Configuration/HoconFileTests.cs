using Akka.Actor;
using Akka.Configuration;

namespace ActorAgents.Host.Tests.Configuration;

public sealed class HoconFileTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "hocon");

    public static TheoryData<string> Files => new(Directory.GetFiles(Folder, "*.conf").Select(f => Path.GetFileName(f)!));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_sets_only_keys_that_Akka_knows(string file)
    {
        var known = ConfigurationFactory.Default();

        Assert.All(Keys(Parse(file)), key => Assert.True(known.HasPath(key), $"{file} sets '{key}', which Akka's reference.conf does not have"));
    }

    [Fact]
    public void Common_keeps_Akka_silent_on_standard_output_and_leaves_the_process_to_the_host()
    {
        var common = Parse("common.conf");

        Assert.Equal("OFF", common.GetString("akka.stdout-loglevel"));
        Assert.False(common.GetBoolean("akka.coordinated-shutdown.exit-clr", true));
        Assert.False(common.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook", true));
    }

    [Fact]
    public async Task Common_and_local_start_an_actor_system_without_a_network()
    {
        using var system = ActorSystem.Create("Sanity", Parse("local.conf").WithFallback(Parse("common.conf")));

        Assert.IsType<LocalActorRefProvider>(((ExtendedActorSystem)system).Provider);
        await system.Terminate();
    }

    [Fact]
    public async Task Common_and_node_start_an_actor_system_that_may_join_others()
    {
        var anywhere = ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }");
        using var system = ActorSystem.Create("Sanity", anywhere.WithFallback(Parse("node.conf")).WithFallback(Parse("common.conf")));

        Assert.IsType<Akka.Cluster.ClusterActorRefProvider>(((ExtendedActorSystem)system).Provider);
        await system.Terminate();
    }

    private static Config Parse(string file) => ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(Folder, file)));

    private static IEnumerable<string> Keys(Config config) => Keys(config.Root.GetObject(), "");

    private static IEnumerable<string> Keys(Akka.Configuration.Hocon.HoconObject place, string prefix) =>
        place.Items.SelectMany(i => i.Value.IsObject() ? Keys(i.Value.GetObject(), $"{prefix}{i.Key}.") : [prefix + i.Key]);
}
