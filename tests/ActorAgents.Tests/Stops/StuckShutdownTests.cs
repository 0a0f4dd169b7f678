using ActorAgents.Testing;
using ActorAgents.Tests.Telemetry;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Stops;

/// <summary>A host that stops while a provider holds the thread that reads it.</summary>
public sealed class StuckShutdownTests : IDisposable
{
    // Much more than a test may take: what waits for all of it is seen to.
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CapturedLogs _logs = new();
    private readonly Gate _blocked = new();

    public void Dispose() => _blocked.Open();

    [Fact, Trait("Behaviour", "T54")]
    public async Task A_stuck_turn_takes_a_part_of_the_time_to_stop_and_is_told_of_once()
    {
        var last = new LastService();
        using var host = await StartAsync(TooLong, last);

        await host.StopAsync().WaitAsync(Patience);

        Assert.False(last.WasLate);
        var line = Assert.Single(_logs.Lines, line => line.Facts.ContainsKey("Turns"));
        Assert.Equal((LogLevel.Warning, "1"), (line.Level, $"{line.Facts["Turns"]}"));
    }

    [Fact, Trait("Behaviour", "T54")]
    public async Task A_host_that_gives_less_time_than_that_stops_without_an_exception()
    {
        using var host = await StartAsync(TimeSpan.FromMilliseconds(1), new LastService());

        await host.StopAsync().WaitAsync(Patience);
    }

    private async Task<IHost> StartAsync(TimeSpan shutdown, LastService last)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = shutdown);
        _logs.AddTo(builder.Services);
        builder.Services.AddActorAgents(
            agents => agents.AddProvider("default", ScriptedProvider.Always(Script.Text("A").BlockSynchronously(_blocked))).AddAgent("writer"),
            (akka, _) => akka.AddHocon($"akka.coordinated-shutdown.phases.service-unbind.timeout = {TooLong.TotalSeconds}s", HoconAddMode.Prepend));
        builder.Services.AddSingleton<IHostedService>(last);
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IAgents>()["writer", "1"].StartAsync("go");
        await _blocked.ReachedAsync();
        return host;
    }

    /// <summary>Stands for a web server.</summary>
    private sealed class LastService : IHostedService
    {
        public bool WasLate { get; private set; } = true;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            WasLate = cancellationToken.IsCancellationRequested;
            return Task.CompletedTask;
        }
    }
}
