using System.Net;
using System.Text;
using ActorAgents.AspNetCore;
using ActorAgents.Benchmarks.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Benchmarks.Http;

/// <summary>The endpoints, and beside them one that reads the same provider and writes the same bytes with nothing in between.</summary>
internal sealed class SseServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TokenClient _client;
    private readonly Dictionary<string, (byte[][] Frames, int Before)> _recorded = [];

    private SseServer(WebApplication app, TokenClient client) => (_app, _client) = (app, client);

    public int Port => new Uri(_app.Urls.Single()).Port;
    public IAgents Agents => _app.Services.GetRequiredService<IAgents>();

    public static async Task<SseServer> StartAsync(TokenClient client, TokenClient recorded, IChatClient endless)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddActorAgents(agents =>
        {
            foreach (var (name, provider) in ((string, IChatClient)[])[("writer", client), ("recorded", recorded), ("endless", endless)])
                agents.AddProvider(name, provider).AddAgent(name, a => a.WithProvider(name).WithLimits(l => l with { HistoryTurns = 0 }));
        });
        builder.Services.AddActorAgentsHttp();
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapActorAgents();
        var server = new SseServer(app, client);
        app.MapGet("/bare/{wire}/{stream}", (RequestDelegate)server.WriteBareAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Keeps the frames of a wire as it writes them.</summary>
    /// <param name="before">How many come before the first token's.</param>
    public void Record(string wire, byte[] body, int before)
    {
        var frames = Encoding.UTF8.GetString(body).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => Encoding.UTF8.GetBytes(frame + "\n\n"));
        _recorded[wire] = ([.. frames], before);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task WriteBareAsync(HttpContext http)
    {
        var (frames, next) = _recorded[(string)http.GetRouteValue("wire")!];
        http.Response.ContentType = "text/event-stream";
        var body = http.Response.BodyWriter;
        for (var i = 0; i < next; i++) await body.WriteAsync(frames[i], http.RequestAborted);
        await foreach (var _ in _client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, (string)http.GetRouteValue("stream")!)], null, http.RequestAborted))
            await body.WriteAsync(frames[next++], http.RequestAborted);
        while (next < frames.Length) await body.WriteAsync(frames[next++], http.RequestAborted);
    }
}
