using System.Diagnostics;
using System.Net;

namespace ActorAgents.Cluster.ProcessTests.Nodes;

/// <summary>A server, which can be started again at the same addresses.</summary>
internal sealed class NodeProcess(string name, string url, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? at = null) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly ProgramProcess _process = new(name, ["serve", "--exit-with-parent", "--urls", url, .. arguments], environment, at);

    public string Name => name;

    public string Url => url;

    /// <summary>All it wrote so far, over all of its runs.</summary>
    public string Output => _process.Output;

    public bool HasEnded => _process.HasEnded;

    public void Start() => _process.Start();

    /// <summary>Waits until it has ended by itself.</summary>
    public Task<int> EndAsync() => _process.EndAsync();

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public Task StartAndBeReadyAsync()
    {
        Start();
        return ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        var since = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await IsReadyAsync())
        {
            if (_process.HasEnded) throw new InvalidOperationException($"{name} ended with {await _process.EndAsync()} before it was ready.\n{Output}");
            if (since.Elapsed > ReadyWithin) throw new TimeoutException($"{name} is not ready after {ReadyWithin}.\n{Output}");
            await ticks.WaitForNextTickAsync();
        }
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync($"{url}/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="ProgramProcess.KillAsync"/>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc cref="ProgramProcess.TerminateAsync"/>
    public Task<(int Code, TimeSpan Took)> LeaveAsync() => _process.TerminateAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
