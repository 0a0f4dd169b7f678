#region http
using ActorAgents;
using ActorAgents.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

#endregion
using System.Net;
using System.Net.Http.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippets of the HTTP package's readme.</summary>
public sealed class HttpSnippets
{
    [Fact]
    public async Task The_shortest_program_serves_every_wire()
    {
        var chatClient = ScriptedProvider.Always(Script.Text("Once ", "upon a time."));
        await using var web = await WebServer.StartAsync((arguments, started) => RunAsync(chatClient, arguments, started));

        var native = await (await web.PostAsync("/agents/assistant/ann/turns", new { input = "Tell me a story" }, "text/event-stream")).ToListAsync();
        var completion = await (await web.PostAsync("/v1/chat/completions", new { model = "assistant", stream = true, messages = new[] { new { role = "user", content = "Hello" } } })).ToListAsync();
        var plain = await (await web.PostAsync("/chat", new { prompt = "Tell me a story" })).ToListAsync();

        Assert.Equal(("completed", "[DONE]", "end"), (native[^1].EventType, completion[^1].Data, plain[^1].EventType));
    }

    [Fact]
    public async Task A_key_opens_what_its_scopes_say()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServer.Arguments);
        builder.Services.AddActorAgents(agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("assistant"));
        var secret = ApiKey.NewSecret();
        var hash = ApiKey.Hash(secret);
        #region keys
        builder.Services.AddActorAgentsHttp(http => http.Keys.Add(new ApiKey("app", hash, [ActorAgentsScopes.Chat], tenant: "acme")));
        #endregion
        await using var app = builder.Build();
        app.MapActorAgents();
        await app.StartAsync();
        using var client = WebServer.ClientOf(app);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/agents")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/agents")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/halts", new { scope = "tenant:acme", reason = "A drill." })).StatusCode);
    }

    private static async Task RunAsync(IChatClient chatClient, string[] args, Action<WebApplication> started)
    {
        #region http
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddActorAgents(agents => agents.AddProvider("default", chatClient).AddAgent("assistant"));
        builder.Services.AddActorAgentsHttp();

        await using var app = builder.Build();
        app.MapActorAgents();
        #endregion
        started(app);
        #region http
        await app.RunAsync();
        #endregion
    }
}
