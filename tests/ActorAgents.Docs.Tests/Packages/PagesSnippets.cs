#region pages
using ActorAgents;
using ActorAgents.Pages;

#endregion
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippet of the readme of the pages.</summary>
public sealed class PagesSnippets
{
    [Fact]
    public async Task An_application_with_a_chat()
    {
        string[] args = [.. WebServer.Arguments, "--applicationName", typeof(PagesSnippets).Assembly.GetName().Name!, "--contentRoot", AppContext.BaseDirectory];
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = RunAsync(new ScriptedProvider("Hello."), args, app => app.Lifetime.ApplicationStarted.Register(() => started.TrySetResult(app)));
        if (await Task.WhenAny(started.Task, running) == running) await running;
        await using var app = await started.Task;
        using var client = WebServer.ClientOf(app);
        using var page = await client.GetAsync("/");
        await app.StopAsync();
        await running;

        Assert.Contains("<title>ActorAgents</title>", await page.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        Assert.Contains(ActorAgentsPages.ContentSecurityPolicy, page.Headers.GetValues("Content-Security-Policy"));
    }

    private static async Task RunAsync(IChatClient chatClient, string[] args, Action<WebApplication> running)
    {
        #region pages
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddActorAgents(agents => agents.AddProvider("default", chatClient).AddAgent("assistant"));
        builder.Services.AddActorAgentsPages();
        var app = builder.Build();

        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ActorAgentsPages.ContentSecurityPolicy;
            return next(context);
        });
        app.MapActorAgentsPages();
        #endregion
        running(app);
        #region pages

        await app.RunAsync();
        #endregion
    }
}
