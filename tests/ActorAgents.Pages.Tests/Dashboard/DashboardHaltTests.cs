namespace ActorAgents.Pages.Tests;

public sealed class DashboardHaltTests
{
    [Fact]
    public async Task Sets_a_halt_of_a_kind_after_asking_back_and_releases_it()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        var (stopped, spared) = (await runtime.Agents["writer", "1"].StartAsync("go"), await runtime.Agents["reader", "1"].StartAsync("go"));
        await using var browser = new DashboardBrowser(runtime.Agents);

        browser.Choose(".aa-reaches [value=Kind]", "Kind");
        browser.Choose("[data-aa=kind]", "writer");
        browser.Choose("[data-aa=reason]", "enough");
        browser.Submit();
        Assert.Equal(["Halt kind writer?"], browser.Texts(".aa-confirm h3"));
        Assert.StartsWith("1 turn that runs or waits is interrupted now", browser.Texts(".aa-confirm p").Single());
        Assert.Empty(runtime.Agents.Halts);
        browser.Click(".aa-danger");

        Assert.Equal(InterruptReason.Halted, Assert.IsType<TurnInterrupted>(await DashboardPageTests.EndOfAsync(stopped)).Reason);
        var halt = Assert.Single(runtime.Agents.Halts);
        Assert.Equal((HaltScope.Kind("writer"), "enough"), (halt.Scope, halt.Reason));
        await browser.SeesAsync(".aa-halt-list li", "enough");
        await browser.SeesAsync(".aa-kindrow.aa-is-halted", "writer Halted");
        await browser.SeesAsync(".aa-kindrow:not(.aa-is-halted)", "reader 1 turn");

        browser.Click("[aria-label='Release the halt of Kind writer']");

        Assert.Empty(runtime.Agents.Halts);
        Assert.False(browser.Has(".aa-halt-list"));
        await runtime.Agents["writer", "1"].StartAsync("go");
        await spared.InterruptAsync();
    }

    [Fact]
    public async Task Does_not_halt_without_a_reason_or_when_the_answer_is_no()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        await using var browser = new DashboardBrowser(runtime.Agents);

        browser.Submit();
        Assert.Contains("Give a reason", browser.Texts("#aa-halt-problem").Single());

        browser.Choose("[data-aa=reason]", "enough");
        browser.Submit();
        Assert.Equal(["Halt everything?"], browser.Texts(".aa-confirm h3"));
        browser.Click(".aa-confirm button", "No");

        Assert.Empty(runtime.Agents.Halts);
        Assert.True(browser.Has("form"));
    }

    [Fact]
    public async Task The_switch_of_a_kind_begins_a_halt_of_that_kind()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        await using var browser = new DashboardBrowser(runtime.Agents);

        browser.Click("[aria-label='Halt kind writer …']");
        browser.Choose("[data-aa=reason]", "enough");
        browser.Submit();

        Assert.Equal(["Halt kind writer?"], browser.Texts(".aa-confirm h3"));
    }

    [Fact]
    public async Task A_halt_of_everything_shows_at_every_kind()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        await runtime.Agents.HaltAsync(HaltScope.Cluster, "maintenance");

        await using var browser = new DashboardBrowser(runtime.Agents);

        Assert.Equal(["Halted with all others", "Halted with all others"], browser.Texts(".aa-badge"));
    }

    [Fact]
    public async Task Says_so_when_somebody_else_released_it_first()
    {
        await using var runtime = await DashboardPageTests.StartAsync();
        var halt = await runtime.Agents.HaltAsync(HaltScope.Kind("writer"), "enough");
        await using var browser = new DashboardBrowser(runtime.Agents);
        await runtime.Agents.ReleaseAsync(halt.Id);

        browser.Click("[aria-label='Release the halt of Kind writer']");

        await browser.SeesAsync("[role=status]", "somebody else released that halt before");
    }
}
