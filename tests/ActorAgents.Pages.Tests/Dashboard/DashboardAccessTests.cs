namespace ActorAgents.Pages.Tests;

public sealed class DashboardAccessTests
{
    private const string Scope = "actoragents.scope";

    [Fact]
    public async Task A_key_without_the_scope_admin_sees_nothing_and_starts_nothing()
    {
        var agents = new FakeAgents();
        await using var browser = new DashboardBrowser(agents, (Scope, "chat"));

        Assert.Equal(["You need a key with the scope admin"], browser.Texts("h1"));
        Assert.False(browser.Has(".aa-figures"));
        Assert.Equal(0, agents.Looks);
    }

    [Theory]
    [InlineData(Scope, "admin")]
    [InlineData("name", "of an application without scopes")]
    public async Task An_admin_and_a_user_without_any_scope_see_the_whole_process(string type, string value)
    {
        await using var browser = new DashboardBrowser(new FakeAgents(), (type, value));

        Assert.True(browser.Has(".aa-figures"));
        Assert.Contains("this process, all tenants", browser.Texts(".aa-dashboard-head p").Single());
    }

    [Fact]
    public async Task A_tenants_admin_sees_and_halts_that_tenants_agents_only()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        await runtime.Agents["writer", "1"].StartAsync("go");
        await runtime.Agents.For("acme")["writer", "2"].StartAsync("go");
        await runtime.Agents.HaltAsync(HaltScope.Tenant("other"), "not acme's business");
        await using var browser = new DashboardBrowser(runtime.Agents, (Scope, "admin"), (ActorAgentsClaims.Tenant, "acme"));

        await browser.SeesAsync(".aa-kindrow", "writer 1 turn");
        Assert.Equal(["acme / writer / 2"], browser.Texts(".aa-longest tbody th"));
        Assert.Equal(["Live turns", "Waiting to begin"], browser.Texts(".aa-figure h2"));
        Assert.False(browser.Has(".aa-halt-list"));

        browser.Choose("[data-aa=reason]", "enough");
        browser.Submit();
        browser.Click(".aa-danger");

        Assert.Equal(HaltScope.Tenant("acme"), Assert.Single(runtime.Agents.For("acme").Halts).Scope);
        await browser.SeesAsync(".aa-halt-list li", "Tenant acme");
        Assert.Equal(1, runtime.Agents.TakeSnapshot().Kinds.Sum(k => k.Turns));
    }
}
