using System.Security.Claims;
using AngleSharp.Dom;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Pages.Tests;

/// <summary>A browser with the dashboard open, whose frames come when the test lets time pass.</summary>
internal sealed class DashboardBrowser : BunitContext
{
    private readonly FakeTimeProvider _time = new();
    private readonly IRenderedComponent<Routes> _page;

    public DashboardBrowser(IAgents agents, params (string Type, string Value)[] claims) : this(agents, null, claims) { }

    /// <param name="cluster">Null where the process is alone.</param>
    public DashboardBrowser(IAgents agents, IClusterView? cluster, params (string Type, string Value)[] claims)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var script = JSInterop.SetupModule("./_content/ActorAgents.Pages/pages.js");
        script.Mode = JSRuntimeMode.Loose;
        script.SetupModule("watchDark", _ => true);
        Services.AddSingleton(agents);
        if (cluster is not null) Services.AddSingleton(cluster);
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddPageServices();
        var user = AddAuthorization();
        if (claims.Length > 0) user.SetAuthorized("somebody").SetClaims([.. claims.Select(c => new Claim(c.Type, c.Value))]);
        Services.GetRequiredService<NavigationManager>().NavigateTo("dashboard");
        _page = Render<Routes>();
    }

    public DashboardSampler Sampler(string? tenant = null) => Services.GetRequiredService<DashboardSamplers>().For(tenant);

    /// <summary>How many elements show turns. The rest of the page also shows the tools of other tests: the meter is the process's.</summary>
    public int NodesOfTurns => _page.FindAll(".aa-figures *, .aa-kindrows *, .aa-longest *").Count;

    public void Click(string selector) => _page.Find(selector).Click();

    public void Click(string selector, string text) => _page.FindAll(selector).Single(e => e.TextContent == text).Click();

    public void Choose(string selector, string value) => _page.Find(selector).Change(value);

    public void Submit() => _page.Find("form").Submit();

    public Task LeaveAsync() => _page.InvokeAsync(() => Services.GetRequiredService<NavigationManager>().NavigateTo("not-found"));

    public void PassFrame() => _time.Advance(DashboardSampler.Frame);

    /// <summary>The words of each element, a space between them.</summary>
    public string[] Texts(string selector) => [.. _page.FindAll(selector).Select(e => string.Join(' ', Words(e)))];

    public bool Has(string selector) => _page.FindAll(selector).Count > 0;

    /// <summary>Turns come to their waits on threads of their own: lets frames pass until one shows it.</summary>
    public async Task SeesAsync(string selector, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Texts(selector).Any(t => t.Contains(text)))
        {
            Assert.False(patience.IsCancellationRequested, $"No {selector} says '{text}': {string.Join(" | ", Texts(selector))}");
            PassFrame();
            await Task.Yield();
        }
    }

    private static IEnumerable<string> Words(INode node) =>
        node.Descendants<IText>().SelectMany(text => text.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
