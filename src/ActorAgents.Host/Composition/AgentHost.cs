using ActorAgents.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;

namespace ActorAgents.Host.Composition;

/// <summary>The generic host around the runtime.</summary>
internal static class AgentHost
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    public static IHost Build(HostConfiguration configuration, Serilog.ILogger logger)
    {
        // Empty: settings are read and checked by HostConfiguration, from its own folder, and nowhere else.
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "ActorAgents.Host" });
        builder.Logging.AddSerilog(logger);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddConfiguredAgents(configuration);
        return builder.Build();
    }

    /// <summary>Starts the runtime without a word on standard output.</summary>
    public static async Task StartQuietlyAsync(this IHost host, CancellationToken cancellationToken)
    {
        // Akka.Hosting writes the stack trace of a failed start there, where only answers belong; it throws the exception too.
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    /// <summary>The command ends the process and takes its signals; the host only starts and stops.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
