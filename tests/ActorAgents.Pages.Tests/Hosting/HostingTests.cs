using System.Net;
using AngleSharp.Html.Parser;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Pages.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task Everything_that_a_page_loads_comes_from_the_application()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };

        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/"));

        var loaded = page.QuerySelectorAll("link[href]").Select(e => e.GetAttribute("href")!).Concat(page.QuerySelectorAll("script").Select(e => e.GetAttribute("src")!)).ToList();
        Assert.Equal(6, loaded.Count);
        foreach (var address in loaded.Append("_content/ActorAgents.Pages/pages.js"))
        {
            Assert.False(Uri.TryCreate(address, UriKind.Absolute, out _), address);
            using var answer = await client.GetAsync(address);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task No_page_has_scripts_or_event_handlers_in_its_markup()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };

        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/c/assistant/1"));

        Assert.All(page.QuerySelectorAll("script"), script => Assert.Equal(("", true), (script.TextContent, script.HasAttribute("src"))));
        Assert.DoesNotContain(page.All.SelectMany(e => e.Attributes), a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("MudBlazor/MudBlazor.min.css")]
    [InlineData("ActorAgents.Pages/pages.css")]
    public async Task Style_sheets_load_nothing_from_elsewhere(string sheet)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };

        Assert.DoesNotMatch(@"(@import|url\(\s*[""']?(https?:)?//)", await client.GetStringAsync($"/_content/{sheet}"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/c/assistant/1")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    public async Task Pages_and_their_circuits_can_be_closed_to_strangers(string address)
    {
        await using var app = await StartAsync(locked: true);
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };

        using var answer = await client.SendAsync(new(address.StartsWith("/_blazor", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, address));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(bool locked = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HostingTests).Assembly.GetName().Name, EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddActorAgents(agents => agents.AddProvider("default", new ScriptedProvider("Hello.")).AddAgent("assistant"));
        builder.Services.AddActorAgentsPages();
        builder.Services.AddAuthorization().AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
            cookie.Events.OnRedirectToLogin = redirect =>
            {
                redirect.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
                return Task.CompletedTask;
            });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        var pages = app.MapActorAgentsPages();
        if (locked) pages.RequireAuthorization();
        await app.StartAsync();
        return app;
    }
}
