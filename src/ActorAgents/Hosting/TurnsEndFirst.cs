using Microsoft.Extensions.Hosting;

namespace ActorAgents;

/// <summary>
/// Hands agents on and ends the turns when the host begins to stop, before any of its services stops: a web server would otherwise wait for the responses that read them.
/// </summary>
internal sealed class TurnsEndFirst(AgentsHost host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try { await host.StopTurnsAsync().WaitAsync(cancellationToken).ConfigureAwait(false); }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { } // The host has no time left; the services that stop next see it too.
    }
}
