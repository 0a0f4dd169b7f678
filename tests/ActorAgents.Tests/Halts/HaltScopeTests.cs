namespace ActorAgents.Tests.Halts;

public sealed class HaltScopeTests
{
    private static readonly AgentId Agent = new("writer", "a/b:c %", "acme");

    public static TheoryData<HaltScope, string> Scopes => new()
    {
        { HaltScope.Cluster, "cluster" },
        { HaltScope.Tenant("acme"), "tenant:acme" },
        { HaltScope.Kind("writer"), "kind:writer" },
        { HaltScope.TenantKind("acme", "writer"), "tenant:acme/kind:writer" },
        { HaltScope.Agent(Agent), "agent:acme/writer/a%2Fb%3Ac%20%25" },
    };

    [Theory, MemberData(nameof(Scopes)), Trait("Behaviour", "P09")]
    public void It_is_written_in_one_form_and_read_back(HaltScope scope, string text)
    {
        Assert.Equal(text, scope.ToString());
        Assert.Equal(scope, HaltScope.Parse(text));
        Assert.True(scope.Covers(Agent));
    }

    [Theory, MemberData(nameof(Scopes)), Trait("Behaviour", "P09")]
    public void It_covers_nothing_else(HaltScope scope, string text)
    {
        var covered = new[] { new AgentId("writer", "1", "acme"), new AgentId("writer", "1", "other"), new AgentId("reader", "1", "acme"), new AgentId("reader", "1", "other") }
            .Select(id => scope.Covers(id));

        Assert.Equal(text.Split(':')[0] switch
        {
            "cluster" => [true, true, true, true],
            "tenant" when text.Contains('/') => [true, false, false, false],
            "tenant" => [true, false, true, false],
            "kind" => [true, true, false, false],
            _ => [false, false, false, false],
        }, covered);
    }

    [Theory, InlineData(""), InlineData("tenant"), InlineData("tenant:a/kind"), InlineData("agent:a/b"), InlineData("everything"), InlineData("tenant:"), InlineData("kind:UPPER")]
    public void What_is_none_is_refused(string text) => Assert.ThrowsAny<Exception>(() => HaltScope.Parse(text));
}
