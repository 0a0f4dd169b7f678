using System.Runtime.InteropServices;
using ActorAgents.Host.Commands;

namespace ActorAgents.Host.Serving;

/// <summary>Ends the process with the one that started it, whose end closes standard input, or by SIGTERM. Ctrl+C, which a terminal gives to both, is for the parent.</summary>
internal sealed class ParentLifetime(IHostApplicationLifetime application, Terminal terminal) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        On(PosixSignal.SIGINT, () => { });
        On(PosixSignal.SIGTERM, application.StopApplication);
        _ = StopWithParentAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private async Task StopWithParentAsync()
    {
        await terminal.InputEndsAsync();
        application.StopApplication();
    }

    private void On(PosixSignal signal, Action action) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));
}
