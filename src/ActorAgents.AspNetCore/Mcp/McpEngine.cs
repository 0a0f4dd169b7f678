using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The SDK's server in a container of its own, so that an MCP server of the application's, with tools of its own and without our checks, is another one.
/// </summary>
internal sealed class McpEngine : IAsyncDisposable
{
    /// <summary>A session without a request for this long is forgotten; its client gets 404 and begins another.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(30);

    /// <summary>Of more sessions without a request than this, those unused for longest are forgotten. Each keeps some 20 KB.</summary>
    public const int MaxIdleSessions = 5_000;

    private const string Source = "Experimental.ModelContextProtocol";

    private static readonly string Version = typeof(McpEngine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started;

    public McpEngine(HttpSettings settings, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(new McpLog(loggers)).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IHostApplicationLifetime>(new Lifetime(lifetime, Start));
        services.AddMcpServer(Configure).WithHttpTransport(http => Configure(http, settings.Time));
        _services = services.BuildServiceProvider();
        _started = [.. _services.GetServices<IHostedService>()]; // What forgets idle sessions.
        Start();
        var routes = new Routes(_services);
        routes.MapMcp();
        var endpoints = routes.DataSources.SelectMany(source => source.Endpoints).ToList();
        (PostAsync, DeleteAsync) = (Of(HttpMethods.Post), Of(HttpMethods.Delete));

        RequestDelegate Of(string method) => endpoints.Single(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method)).RequestDelegate!;
    }

    public McpSessions Sessions { get; } = new();
    public RequestDelegate PostAsync { get; }
    public RequestDelegate DeleteAsync { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _started) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private void Start()
    {
        foreach (var service in _started) _ = service.StartAsync(CancellationToken.None);
    }

    private static void Configure(McpServerOptions server)
    {
        server.ServerInfo = new Implementation { Name = "actoragents", Version = Version };
        server.ServerInstructions = "Each tool is an agent. Without a key it answers the prompt alone; the agent of a key keeps the conversation.";
        server.Handlers.ListToolsHandler = McpTools.ListAsync;
        server.Handlers.CallToolHandler = McpTools.CallAsync;
        server.Filters.Message.IncomingFilters.Add(AnswerAsync);
    }

    private static McpMessageHandler AnswerAsync(McpMessageHandler answer) => async (message, cancelled) =>
    {
        if (message is { JsonRpcMessage: JsonRpcRequest, User: McpCaller caller }) caller.EndsBy(cancelled);
        await answer(message, cancelled);
        // The SDK takes the text of a failed call, with what the model had said, for the description of the span's status.
        if (Activity.Current is { Source.Name: Source, StatusDescription: not null } span) span.SetStatus(span.Status);
    };

    private void Configure(HttpServerTransportOptions http, TimeProvider time)
    {
        // Clients of the revisions before 2026-07-28 cancel by another request and answer questions by one: only a session tells which call they mean.
        http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
        http.TimeProvider = time;
#pragma warning disable MCP9006 // Sessions are on their way out of the protocol; as long as there are any they have bounds.
        (http.IdleTimeout, http.MaxIdleSessionCount) = (ForgottenAfter, MaxIdleSessions);
#pragma warning restore MCP9006
#pragma warning disable MCPEXP002 // Nothing else tells of a session's end.
        http.RunSessionHandler = Sessions.RunAsync;
#pragma warning restore MCPEXP002
    }

    /// <summary>What forgets idle sessions breaks where one ends at the same instant, and would stop the application; all sessions are lost then, and it begins again.</summary>
    private sealed class Lifetime(IHostApplicationLifetime application, Action startAgain) : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => application.ApplicationStarted;
        public CancellationToken ApplicationStopping => application.ApplicationStopping;
        public CancellationToken ApplicationStopped => application.ApplicationStopped;
        public void StopApplication() => startAgain();
    }

    /// <summary>Where the SDK maps its endpoints; nobody serves them but who takes their handlers.</summary>
    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;
        public ICollection<EndpointDataSource> DataSources { get; } = [];
        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
