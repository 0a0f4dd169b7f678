using ActorAgents.Pages;
using AngleSharp.Dom;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Pages.Tests;

/// <summary>A browser with the pages open: a circuit of its own, on a runtime that others may use too.</summary>
internal sealed class Browser : BunitContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly JSRuntimeInvocationHandler<string> _text;
    private readonly BunitJSModuleInterop _script;
    private readonly Lazy<IRenderedComponent<Routes>> _page;

    public Browser(IAgents agents, string address = "", string shelf = "[]", string? tenant = null)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        _script = JSInterop.SetupModule("./_content/ActorAgents.Pages/pages.js");
        _script.Mode = JSRuntimeMode.Loose;
        _script.Setup<string>("loadShelf").SetResult(shelf);
        _script.SetupModule("watchDark", _ => true);
        _text = _script.Setup<string>("takeText", _ => true);
        Services.AddSingleton(agents);
        Services.AddPageServices();
        var user = AddAuthorization();
        if (tenant is not null) user.SetAuthorized("somebody").SetClaims(new System.Security.Claims.Claim(ActorAgentsClaims.Tenant, tenant));
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        _page = new(() => Render<Routes>());
    }

    public string Address => Services.GetRequiredService<NavigationManager>().Uri;

    /// <summary>What the browser was asked to keep, the newest last.</summary>
    public IEnumerable<string> Shelved => _script.Invocations["putOnShelf"].Select(i => (string)i.Arguments[0]!);

    public Task GoAsync(string address) => _page.Value.InvokeAsync(() => Services.GetRequiredService<NavigationManager>().NavigateTo(address));

    public async Task SayAsync(string text)
    {
        _text.SetResult(text);
        await ClickAsync("[data-aa-send]");
    }

    public async Task ClickAsync(string selector)
    {
        Sees(selector);
        await _page.Value.Find(selector).ClickAsync();
    }

    public void Sees(string selector) => Until(() => Assert.NotEmpty(_page.Value.FindAll(selector)));

    public void SeesText(string selector, string text) => Until(() => Assert.Contains(_page.Value.FindAll(selector), e => e.TextContent.Contains(text)));

    public void SeesNot(string selector) => Until(() => Assert.Empty(_page.Value.FindAll(selector)));

    /// <summary>The text of each answer, without spaces at its ends.</summary>
    public string[] Texts() => [.. _page.Value.FindAll(".aa-answer").Select(a => string.Join('|', a.QuerySelectorAll(".aa-text").Select(t => t.TextContent.Trim())))];

    public string[] Prompts() => [.. _page.Value.FindAll(".aa-exchange > .aa-prompt").Select(p => p.TextContent.Replace("You:", "").Trim())];

    public void Until(Action assertion) => _page.Value.WaitForAssertion(assertion, Patience);
}
