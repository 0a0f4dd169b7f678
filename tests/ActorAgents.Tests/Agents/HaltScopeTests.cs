using FsCheck;
using FsCheck.Xunit;

namespace ActorAgents.Tests.Agents;

public sealed class HaltScopeTests
{
    public static TheoryData<string> Forms => ["cluster", "tenant:acme", "kind:writer", "tenant:acme/kind:writer", "agent:acme/writer/a%2Fb"];

    [Theory, MemberData(nameof(Forms))]
    public void Every_form_is_read_and_written_the_same(string form) => Assert.Equal(form, HaltScope.Parse(form).ToString());

    [Property(MaxTest = 1000)]
    public void An_agents_scope_comes_back_whatever_its_key(NonNull<string> key)
    {
        AgentId id;
        try { id = new AgentId("writer", key.Get, "acme"); }
        catch (ArgumentException) { return; }

        var scope = HaltScope.Parse(HaltScope.Agent(id).ToString());

        Assert.Equal(HaltScope.Agent(id), scope);
        Assert.True(scope.Covers(id));
    }

    [Theory, InlineData(""), InlineData("everything"), InlineData("tenant"), InlineData("kind:a/tenant:b"), InlineData("agent:a/b"), InlineData("agent:a/b/c/d")]
    public void Another_form_is_refused(string form) =>
        Assert.Contains("use cluster, tenant:t", Assert.Throws<FormatException>(() => HaltScope.Parse(form)).Message);

    [Fact]
    public void A_scope_covers_what_it_names_and_nothing_else()
    {
        var id = new AgentId("writer", "1", "acme");

        HaltScope[] covering = [HaltScope.Cluster, HaltScope.Tenant("acme"), HaltScope.Kind("writer"), HaltScope.TenantKind("acme", "writer"), HaltScope.Agent(id)];
        Assert.All(covering, scope => Assert.True(scope.Covers(id)));
        HaltScope[] others =
        [
            HaltScope.Tenant("other"), HaltScope.Kind("poet"), HaltScope.TenantKind("acme", "poet"), HaltScope.TenantKind("other", "writer"),
            HaltScope.Agent(new("writer", "2", "acme")), HaltScope.Agent(new("writer", "1", "other")),
        ];
        Assert.All(others, scope => Assert.False(scope.Covers(id)));
    }
}
