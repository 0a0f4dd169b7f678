namespace ActorAgents.Pages.Tests;

public sealed class HaltDraftTests
{
    [Theory]
    [InlineData(null, HaltReach.Everything, "cluster")]
    [InlineData(null, HaltReach.Kind, "kind:writer")]
    [InlineData(null, HaltReach.Tenant, "tenant:acme")]
    [InlineData(null, HaltReach.TenantKind, "tenant:acme/kind:writer")]
    [InlineData(null, HaltReach.Agent, "agent:acme/writer/one%2Fkey")]
    [InlineData("mine", HaltReach.Everything, "tenant:mine")]
    [InlineData("mine", HaltReach.Kind, "tenant:mine/kind:writer")]
    [InlineData("mine", HaltReach.Agent, "agent:mine/writer/one%2Fkey")]
    public void Has_the_scope_that_was_chosen(string? tenant, HaltReach reach, string scope)
    {
        var draft = new HaltDraft(tenant) { Reach = reach, Kind = "writer", Key = "one/key", Reason = "enough" };
        if (tenant is null) draft.Tenant = "acme";

        Assert.Equal(scope, draft.Scope(out var problem).ToString());
        Assert.Null(problem);
        Assert.Contains(reach, draft.Reaches);
    }

    [Theory]
    [InlineData(HaltReach.Everything, "writer", "acme", "1", " ", "reason")]
    [InlineData(HaltReach.Kind, "", "acme", "1", "enough", "kind")]
    [InlineData(HaltReach.Tenant, "writer", "", "1", "enough", "tenant")]
    [InlineData(HaltReach.Tenant, "writer", "no/tenant", "1", "enough", "not a tenant")]
    [InlineData(HaltReach.TenantKind, "", "acme", "1", "enough", "kind")]
    [InlineData(HaltReach.Agent, "writer", "acme", "", "enough", "key")]
    public void Says_what_is_missing(HaltReach reach, string kind, string tenant, string key, string reason, string problem)
    {
        var draft = new HaltDraft(null) { Reach = reach, Kind = kind, Tenant = tenant, Key = key, Reason = reason };

        Assert.Null(draft.Scope(out var said));
        Assert.Contains(problem, said);
    }

    [Fact]
    public void Of_one_tenants_agents_no_other_can_be_chosen() =>
        Assert.Equal([HaltReach.Everything, HaltReach.Kind, HaltReach.Agent], new HaltDraft("mine").Reaches);
}
