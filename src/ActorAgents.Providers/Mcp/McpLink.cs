using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>The way to a server: what the SDK's client speaks over, and how it is taken down.</summary>
/// <param name="close">Ends what was opened. Called once.</param>
/// <param name="lost">Completes, and says how, when the other side is gone, if that shows elsewhere than in the transport.</param>
internal sealed class McpLink(IClientTransport transport, Func<Task> close, Task<string>? lost = null)
{
    private static readonly Task<string> Never = new TaskCompletionSource<string>().Task;

    private readonly Lazy<Task> _close = new(close);

    public IClientTransport Transport => transport;
    public Task<string> Lost => lost ?? Never;

    public Task CloseAsync() => _close.Value;

    /// <summary>Gives back what the transport holds, such as connections. After the client, which says good-bye over them.</summary>
    public ValueTask DisposeAsync() => (transport as IAsyncDisposable)?.DisposeAsync() ?? default;

    public static McpLink Open(McpServerOptions options, ILogger logger) => options.Url is null ? ToProgram(options, logger) : ToUrl(options);

    private static McpLink ToProgram(McpServerOptions options, ILogger logger)
    {
        var process = McpProcess.Start(options, line => logger.ServerWrote(options.Name, line));
        logger.ProcessStarted(options.Name, process.Id);
        return new(new StreamClientTransport(process.Input, process.Output), process.EndAsync, process.Exited);
    }

    /// <param name="connections">In place of the usual ones.</param>
    internal static McpLink ToUrl(McpServerOptions options, HttpMessageHandler? connections = null)
    {
        // Its own timeout of 100 s would cut long calls. A drain would keep the socket of a cancelled call for 2 s more.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ResponseDrainTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(10) };
        var client = new HttpClient(connections ?? handler) { Timeout = Timeout.InfiniteTimeSpan };
        var settings = new HttpClientTransportOptions
        {
            Endpoint = options.Url!, TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = options.Headers.ToDictionary(), Name = options.Name,
        };
        return new(new HttpClientTransport(settings, client, loggerFactory: null, ownsHttpClient: true), () => Task.CompletedTask);
    }
}
