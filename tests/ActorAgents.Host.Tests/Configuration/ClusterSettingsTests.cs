using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Tests.Configuration;

/// <summary>Where agents are kept, and how a process joins others.</summary>
public sealed class ClusterSettingsTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public void Without_a_word_agents_are_kept_in_a_file_and_nothing_listens_for_others()
    {
        var settings = _configuration.Load().Settings;

        Assert.Equal(new PersistenceSettings(PersistenceKind.Sqlite, null, null), settings.Persistence);
        Assert.Equal(("127.0.0.1", 2552, true, null), (settings.Cluster.Host, settings.Cluster.Port, settings.Cluster.IsLocal, settings.Cluster.Tls));
        Assert.Empty(settings.Cluster.Seeds);
    }

    [Fact]
    public void Every_key_is_read()
    {
        File.WriteAllText(_configuration.Path("node.pfx"), "");
        File.WriteAllText(_configuration.Path("authority.pem"), "");
        Write($$"""
            "Persistence": { "Kind": "PostgreSql", "ConnectionString": "Host=h;Password=p" },
            "Cluster": {
              "Host": "0.0.0.0", "Port": 4000, "PublicHost": "node-1.example.com", "PublicPort": 4001, "Seeds": [ "node-1.example.com:4001", "[::1]:5" ], "StableAfter": "00:00:07",
              "Tls": { "Certificate": "{{_configuration.Path("node.pfx")}}", "Password": "p", "Authority": "{{_configuration.Path("authority.pem")}}", "CheckHostNames": true }
            }
            """);

        var settings = _configuration.Load(Role.Node).Settings;

        Assert.Equal(new PersistenceSettings(PersistenceKind.PostgreSql, null, "Host=h;Password=p"), settings.Persistence);
        var cluster = settings.Cluster;
        Assert.Equal(("0.0.0.0", 4000, "node-1.example.com", 4001, TimeSpan.FromSeconds(7)), (cluster.Host, cluster.Port, cluster.PublicHost, cluster.PublicPort, cluster.StableAfter));
        Assert.Equal([new("node-1.example.com", 4001), new("[::1]", 5)], cluster.Seeds);
        Assert.Equal(new TlsSettings(_configuration.Path("node.pfx"), "p", _configuration.Path("authority.pem"), true), cluster.Tls);
    }

    [Theory]
    [InlineData("\"Persistence\": { \"Kind\": \"sqlit\" }", "'ActorAgents:Persistence:Kind' 'sqlit' is not a kind of persistence. Did you mean 'sqlite'? Valid kinds: memory, postgresql, sqlite.")]
    [InlineData("\"Persistence\": { \"Kind\": \"postgresql\" }", "'ActorAgents:Persistence:ConnectionString' is missing")]
    [InlineData("\"Persistence\": { \"Kind\": \"memory\", \"File\": \"a.db\" }", "'ActorAgents:Persistence:File' is for the kind sqlite.")]
    [InlineData("\"Persistence\": { \"ConnectionString\": \"Password=secret\" }", "'ActorAgents:Persistence:ConnectionString' is for the kind postgresql.")]
    [InlineData("\"Persistence\": { \"Flie\": \"a.db\" }", "Did you mean 'File'?")]
    [InlineData("\"Persistence\": \"sqlite\"", "'ActorAgents:Persistence' must be an object, not a single value.")]
    [InlineData("\"Cluster\": { \"Prot\": 1 }", "Did you mean 'Port'?")]
    [InlineData("\"Cluster\": { \"Port\": 65536 }", "'ActorAgents:Cluster:Port' must be at most 65535, not 65536.")]
    [InlineData("\"Cluster\": { \"Port\": -1 }", "'ActorAgents:Cluster:Port' must be a whole number from 0, not '-1'.")]
    [InlineData("\"Cluster\": { \"Host\": \"a b\" }", "'ActorAgents:Cluster:Host' must be a host name or an IP address, not 'a b'.")]
    [InlineData("\"Cluster\": { \"Host\": \"0.0.0.0\" }", "'ActorAgents:Cluster:PublicHost' is missing: Host is 0.0.0.0, by which nobody is reached.")]
    [InlineData("\"Cluster\": { \"Seeds\": [ \"a\" ] }", "'ActorAgents:Cluster:Seeds' has 'a', which is not host:port")]
    [InlineData("\"Cluster\": { \"Seeds\": [ \"a:0\" ] }", "'ActorAgents:Cluster:Seeds' has 'a:0', which is not host:port")]
    [InlineData("\"Cluster\": { \"StableAfter\": \"none\" }", "'ActorAgents:Cluster:StableAfter' must be seconds as a number from 1, or \"hh:mm:ss\", and at most 5 minutes, not 'none'.")]
    [InlineData("\"Cluster\": { \"StableAfter\": 0.5 }", "'ActorAgents:Cluster:StableAfter' must be seconds as a number from 1")]
    public void A_mistake_is_told(string setting, string told)
    {
        Write(setting);

        var mistake = Assert.Single(_configuration.Mistakes());
        Assert.Contains(told, mistake);
        Assert.DoesNotContain("secret", mistake);
    }

    [Fact]
    public void Certificates_need_their_files()
    {
        Write("\"Cluster\": { \"Tls\": { \"Certificate\": \"/nowhere/node.pfx\" } }");

        var mistakes = _configuration.Mistakes();

        Assert.Contains(mistakes, m => m.Contains("'ActorAgents:Cluster:Tls:Certificate' names the file '/nowhere/node.pfx', which does not exist."));
        Assert.Contains(mistakes, m => m.Contains("'ActorAgents:Cluster:Tls:Authority' is missing: the PEM file"));
    }

    [Theory]
    [InlineData("node", "", "'ActorAgents:Cluster:Seeds' is missing: in the role node it names nodes to ask to be let in")]
    [InlineData("api", "\"Cluster\": { \"Seeds\": [ \"a:1\" ] }, \"Persistence\": { \"Kind\": \"memory\" }", "'ActorAgents:Persistence:Kind' is memory, which nodes do not share")]
    [InlineData("node", "\"Cluster\": { \"Seeds\": [ \"a:1\" ], \"Host\": \"10.0.0.1\" }", "'ActorAgents:Persistence:Kind' is sqlite, a file on this machine")]
    public void A_node_needs_others_and_what_they_share(string role, string settings, string told)
    {
        Write(settings);

        Assert.Contains(told, Assert.Single(Assert.Throws<HostConfigurationException>(() => _configuration.Load(Enum.Parse<Role>(role, ignoreCase: true))).Mistakes).ToString());
        _configuration.Load(Role.Local);
    }

    private void Write(string settings) => _configuration.Write(
        "appsettings.json", $$"""{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded" } }{{(settings.Length > 0 ? ", " : "")}}{{settings}} } }""");
}
