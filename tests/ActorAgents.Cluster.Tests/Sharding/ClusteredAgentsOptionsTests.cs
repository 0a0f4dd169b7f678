using ActorAgents.Cluster.Tests.Security;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Cluster.Tests.Sharding;

public sealed class ClusteredAgentsOptionsTests
{
    [Fact]
    public void Every_mistake_is_named_with_what_to_do()
    {
        var options = new ClusteredAgentsOptions
        {
            Host = "0.0.0.0", Port = 70000, PublicPort = 0, StableAfter = TimeSpan.FromMilliseconds(5), HostsAgents = false,
            Roles = { "agents", " " }, SeedNodes = { "node1", "node1:port", "node 1:2552", "node1:2552" },
            Tls = new ClusterTlsOptions { Certificate = "/nowhere/node.pfx" },
        };
        var message = Assert.Throws<AgentConfigurationException>(() => Builder().WithClusteredAgents(options)).Message;
        foreach (var part in new[]
        {
            "Host is 0.0.0.0", "set PublicHost", "Port is 70000", "PublicPort is 0", "StableAfter is 00:00:00.0050000: use 1 s to 5 min", "Roles has ' '",
            "Roles has 'agents' and HostsAgents is false", "SeedNodes has 'node1':", "SeedNodes has 'node1:port'", "SeedNodes has 'node 1:2552'",
            "Tls.Certificate '/nowhere/node.pfx' does not exist", "Tls.Authority is not set",
        })
            Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain("'node1:2552'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_seed_nodes_it_is_said_how_to_stand_alone() =>
        Assert.Contains("one that stands alone names itself", Assert.Throws<AgentConfigurationException>(() => Builder().WithClusteredAgents(new ClusteredAgentsOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_wrong_password_is_not_repeated()
    {
        using var authority = new Authority("an authority");
        var tls = authority.Issue();
        tls.Password = "tr0ub4dor";
        var failure = Assert.Throws<AgentConfigurationException>(() => Builder().WithClusteredAgents(new ClusteredAgentsOptions { SeedNodes = { "a:1" }, Tls = tls }));
        Assert.Contains("cannot be read", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tr0ub4dor", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_have_neither_the_password_nor_any_secret_of_the_certificate()
    {
        using var authority = new Authority("an authority");
        var akka = Builder().WithClusteredAgents(new ClusteredAgentsOptions { SeedNodes = { "a:1" }, Tls = authority.Issue() });
        var settings = akka.Configuration.Value.ToString(true);
        Assert.Contains("enable-ssl", settings, StringComparison.Ordinal);
        Assert.DoesNotContain(Authority.Password, settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node1.example.com:2552", "node1.example.com", 2552)]
    [InlineData("10.0.0.1:0", "10.0.0.1", 0)]
    [InlineData("[::1]:2552", "::1", 2552)]
    public void Seed_nodes_are_host_and_port(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out var parsed));
        Assert.Equal(new HostPort(host, port), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":2552")]
    [InlineData("a:")]
    [InlineData("a:-1")]
    [InlineData("a:65536")]
    [InlineData("akka.tcp://ActorAgents@a:2552")]
    public void Anything_else_is_not(string text) => Assert.False(HostPort.TryParse(text, out _));

    [Fact]
    public async Task Settings_of_the_application_that_come_later_win()
    {
        var services = new ServiceCollection();
        services.AddAkka("ActorAgents", akka => akka
            .WithClusteredAgents(new ClusteredAgentsOptions { Port = 0, SeedNodes = { "127.0.0.1:0" }, StableAfter = TimeSpan.FromSeconds(7) })
            .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF, cluster.down-removal-margin = 9s }", HoconAddMode.Prepend));
        await using var provider = services.BuildServiceProvider();
        var config = provider.GetRequiredService<ActorSystem>().Settings.Config;
        Assert.Equal(TimeSpan.FromSeconds(9), config.GetTimeSpan("akka.cluster.down-removal-margin"));
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"));
        Assert.Equal(16 << 20, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.False(config.GetBoolean("akka.coordinated-shutdown.exit-clr"));
    }

    private static AkkaConfigurationBuilder Builder() => new(new ServiceCollection(), "ActorAgents");
}
