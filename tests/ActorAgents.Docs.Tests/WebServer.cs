using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Docs.Tests;

/// <summary>A web application of a snippet, running on a free port of the loopback, with a client.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    public static readonly string[] Arguments = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"];

    private readonly WebApplication _app;
    private readonly Task _running;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<HttpResponseMessage> _answers = [];

    private WebServer(WebApplication app, Task running) => (_app, _running, _client) = (app, running, ClientOf(app));

    /// <summary>A client that closes a connection at once when its answer is not wanted any more, where the usual one first waits for the rest.</summary>
    public static HttpClient ClientOf(WebApplication app) =>
        new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new Uri(app.Urls.Single()) };

    /// <summary>Runs a program that tells its application before it runs it.</summary>
    public static async Task<WebServer> StartAsync(Func<string[], Action<WebApplication>, Task> program)
    {
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = program(Arguments, app => app.Lifetime.ApplicationStarted.Register(() => started.TrySetResult(app)));
        if (await Task.WhenAny(started.Task, running) == running) await running;
        return new(await started.Task, running);
    }

    /// <summary>The frames of the answer, as they arrive.</summary>
    public async Task<IAsyncEnumerable<SseItem<string>>> PostAsync(string path, object body, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _leaving.Token);
        _answers.Add(response);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return SseParser.Create(await response.Content.ReadAsStreamAsync(_leaving.Token)).EnumerateAsync(_leaving.Token);
    }

    /// <summary>Closes the client's connections, as a browser does whose tab is closed.</summary>
    public void Disconnect()
    {
        _leaving.Cancel();
        foreach (var answer in _answers) answer.Dispose();
        _client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Disconnect();
        await _app.StopAsync();
        await _running;
        await _app.DisposeAsync();
        _leaving.Dispose();
    }
}
