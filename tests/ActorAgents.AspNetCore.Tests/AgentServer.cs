using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorAgents.AspNetCore.Tests;

/// <summary>The endpoints on a real server at a free port of the loopback, with a client. Its agents are of kind <c>assistant</c> unless described otherwise.</summary>
internal sealed class AgentServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AgentServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }
    public HttpClient Client { get; }
    public IAgents Agents => _app.Services.GetRequiredService<IAgents>();
    public IServiceProvider Services => _app.Services;

    public static Task<AgentServer> StartAsync(IChatClient provider, Action<ActorAgentsHttpOptions>? http = null, Action<AgentBuilder>? agent = null, Action<IServiceCollection>? services = null) =>
        StartAsync(agents => agents.AddProvider("default", provider).AddAgent("assistant", agent), http, services);

    public static async Task<AgentServer> StartAsync(
        Action<ActorAgentsBuilder> agents, Action<ActorAgentsHttpOptions>? http = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddActorAgents(agents);
        builder.Services.AddActorAgentsHttp(http);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapActorAgents();
        map?.Invoke(app);
        await app.StartAsync();
        return new AgentServer(app);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    /// <summary>Posts for an event stream and begins to read it.</summary>
    public Task<Frames> StreamAsync(string path, object body, params (string Name, string Value)[] headers) =>
        Frames.ReadAsync(PostAsync(path, body, [("Accept", "text/event-stream"), .. headers]));

    public Task<Frames> FollowAsync(string path, params (string Name, string Value)[] headers) => Frames.ReadAsync(SendAsync(HttpMethod.Get, path, null, headers));

    /// <summary>Waits until no more agents are there. An agent's going has no signal.</summary>
    public async Task AgentsLeftAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Agents.Status.Agents > count) await Task.Delay(10, patience.Token);
    }

    /// <summary>The body of an answer that must have this status.</summary>
    public static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} in place of {(int)status}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Ends the agents as a shutdown does, while the server still answers.</summary>
    public Task StopAgentsAsync() => Akka.Actor.CoordinatedShutdown.Get(Services.GetRequiredService<Akka.Actor.ActorSystem>()).Run(Akka.Actor.CoordinatedShutdown.ClrExitReason.Instance);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>The frames of an event stream, read one at a time.</summary>
internal sealed class Frames : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private Frames(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _items = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public HttpResponseMessage Response => _response;

    public static async Task<Frames> ReadAsync(Task<HttpResponseMessage> answer)
    {
        var response = await answer;
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {(response.StatusCode == HttpStatusCode.OK ? "" : await response.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next frame; null when the stream has ended.</summary>
    public async Task<Frame?> NextAsync() => await _items.MoveNextAsync().AsTask().WaitAsync(Patience)
        ? new(_items.Current.EventType, _items.Current.EventId, _items.Current.Data) : null;

    public async Task<Frame> NextAsync(string @event)
    {
        while (await NextAsync() is { } frame)
            if (frame.Event == @event) return frame;
        throw new InvalidOperationException($"The stream ended without a frame '{@event}'.");
    }

    public async Task<List<Frame>> RestAsync()
    {
        var rest = new List<Frame>();
        while (await NextAsync() is { } frame) rest.Add(frame);
        return rest;
    }

    /// <summary>Closes the connection, as a client that goes away.</summary>
    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        return default;
    }
}

internal sealed record Frame(string Event, string? Id, string Data)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    public string Text(string name) => Json.GetProperty(name).GetString()!;
}
