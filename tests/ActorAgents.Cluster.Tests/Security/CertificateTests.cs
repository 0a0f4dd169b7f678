using System.Net.Security;
using ActorAgents.Cluster.Tests.Sharding;
using Akka.Cluster;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster.Tests.Security;

[Collection("clusters")]
public sealed class CertificateTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Authority _authority = new("the cluster's authority");
    private readonly Authority _foreign = new("another authority");
    private readonly Lives _lives = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
        _authority.Dispose();
        _foreign.Dispose();
    }

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_join_and_others_are_not_let_in()
    {
        var first = await StartAsync(_authority.Issue());
        var second = await StartAsync(_authority.Issue());
        await Eventually.Become("two nodes are up", Soon, () => first.Status.Nodes.Count(node => node.Status == "Up") == 2);
        Assert.Equal("akka.ssl.tcp", first.Address.Protocol);

        // Each trusts the cluster's authority, as one who knows of it would, and has nothing that it issued for a node today.
        var strangers = new[]
        {
            await StartAsync(Trusting(_foreign.Issue())),
            await StartAsync(Trusting(_authority.Issue(validFromDays: -3, validToDays: -2))),
            await StartAsync(Trusting(_authority.Issue(uses: Authority.Server))),
            await StartAsync(null),
        };
        foreach (var why in new[] { "PartialChain", "NotTimeValid", "NotValidForUsage" })
            await Eventually.Become($"one is refused because of {why}", Soon, () => first.Warnings.Any(warning => warning.Contains("Refused", StringComparison.Ordinal) && warning.Contains(why, StringComparison.Ordinal)));
        var third = await StartAsync(_authority.Issue());
        await Eventually.Become("the third node is up", Soon, () => first.Status.Nodes.Count(node => node.Status == "Up") == 3);
        await Eventually.Become("the third node is up in its own view", Soon, () => third.Status.NotReady is null);
        Assert.Equal(3, first.Status.Nodes.Count);
        Assert.All(strangers, stranger => Assert.Equal(MemberStatus.Removed, AkkaCluster.Get(stranger.System).SelfMember.Status));
    }

    [Fact]
    public void A_certificate_for_another_host_is_refused_where_names_are_checked()
    {
        var tls = _authority.Issue();
        tls.CheckHostNames = true;
        Assert.False(Accepts(tls, SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.True(Accepts(tls, SslPolicyErrors.None));
        tls.CheckHostNames = false;
        Assert.True(Accepts(tls, SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.False(NodeCertificates.Read(tls, [])!.Accepts(null, null, "a peer", SslPolicyErrors.RemoteCertificateNotAvailable, NoLogger.Instance));

        static bool Accepts(ClusterTlsOptions tls, SslPolicyErrors errors)
        {
            var certificates = NodeCertificates.Read(tls, [])!;
            return certificates.Accepts(certificates.Own, null, "a peer", errors, NoLogger.Instance);
        }
    }

    private ClusterTlsOptions Trusting(ClusterTlsOptions options)
    {
        options.Authority = _authority.PemFile;
        return options;
    }

    private async Task<TestNode> StartAsync(ClusterTlsOptions? tls)
    {
        var node = await TestNode.StartAsync(_lives, _nodes.Take(1), options => options.Tls = tls);
        _nodes.Add(node);
        return node;
    }
}
