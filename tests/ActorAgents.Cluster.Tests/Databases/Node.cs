using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.Logging;
using ActorAgents.Cluster.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>An actor system with journals, and what it logs.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Journals _journals;

    private Node(IHost host, Journals journals, Logged logged) => (_host, _journals, Logged) = (host, journals, logged);

    public static async Task<Node> StartAsync(DurableAgentsOptions options)
    {
        var logged = new Logged();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging(logging => logging.AddProvider(logged).SetMinimumLevel(LogLevel.Debug));
        builder.Services.AddAkka("journals", akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .AddHocon("akka.log-config-on-start = on", HoconAddMode.Prepend)
            .WithDurableAgents(options));
        var host = builder.Build();
        try { await host.StartAsync(); }
        catch
        {
            host.Dispose();
            throw;
        }
        return new(host, new Journals(options.SnapshotEvery), logged);
    }

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public Logged Logged { get; }

    public Keeper Agent(string key, TimeSpan? keepLogsFor = null) => new(System, _journals.Agent(new AgentId("kind", key), keepLogsFor ?? TimeSpan.FromMinutes(5)));

    public Keeper Bucket(int number) => new(System, _journals.Bucket(number));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}

internal sealed class Logged : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public string Text => string.Join(Environment.NewLine, _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose() { }

    private sealed class Logger(System.Collections.Concurrent.ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
