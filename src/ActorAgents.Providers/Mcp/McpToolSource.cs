using System.IO.Enumeration;
using System.Net.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>
/// The tools of one MCP server. The server is started by the first turn that needs it and shared by all agents that name it. When it dies, the calls that
/// run get an error the model reads, the tools known last stay on offer, and the next need starts it again: at once, then after 1 s, 2 s and so on up to a
/// minute as long as it keeps failing. When the server says that its tools changed, turns that begin later have the new ones. Thread-safe.
/// Disposing ends the process it started; calls that run get an error.
/// </summary>
public sealed class McpToolSource : IToolSource, IAsyncDisposable
{
    private readonly McpServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly McpSupervisor _server;
    private IReadOnlyList<AITool>? _tools;

    /// <param name="time">Times starts, calls and the pauses between starts. The system's unless given.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    public McpToolSource(McpServerOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null) : this(options, loggers, time, McpLink.Open) { }

    internal McpToolSource(McpServerOptions options, ILoggerFactory? loggers, TimeProvider? time, Func<McpServerOptions, ILogger, McpLink> open)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, _time) = (options, time ?? TimeProvider.System);
        _logger = loggers?.CreateLogger<McpToolSource>() ?? NullLogger<McpToolSource>.Instance;
        _server = new(options, token => McpSession.StartAsync(open(options, _logger), options, Offer, _logger, _time, token), _time, _logger);
    }

    /// <inheritdoc/>
    /// <exception cref="McpServerException">The server never was up and cannot be started now.</exception>
    public ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken)
    {
        var session = _server.SessionAsync();
        if (Volatile.Read(ref _tools) is not { } known) return new(FirstAsync(session, cancellationToken));
        session.Forget();
        return new(known);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>The result for the model. Whatever the server does, that is a value and not an exception.</summary>
    internal async Task<object?> CallAsync(string tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        McpSession session;
        try
        {
            session = await _server.SessionAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (McpServerException)
        {
            return McpResults.Error($"the MCP server '{_options.Name}' is not available at the moment. The call was not made.");
        }

        using var timeout = new CancellationTokenSource(_options.CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var progress = ToolContext.From(arguments) is { } context ? new McpProgress(context) : null;
        try
        {
            return McpResults.Of(await session.Calls.CallAsync(tool, arguments, progress, either.Token).ConfigureAwait(false));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            return McpResults.Error($"the tool did not answer within {_options.CallTimeout.TotalSeconds:0.###} s.");
        }
        catch (McpException exception) when (!IsUnknownSession(exception))
        {
            return McpResults.Error(exception.Message);
        }
        catch (Exception exception) when (exception is McpException or IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            _server.Lose(session, $"a call failed with {exception.GetType().Name}");
            return McpResults.Error($"the MCP server '{_options.Name}' stopped during the call, which may or may not have been carried out.");
        }
        catch (Exception exception)
        {
            _logger.ResultNotRead(_options.Name, tool, exception);
            return McpResults.Error("the tool answered, but its result cannot be read.");
        }
    }

    /// <summary>How servers built with the TypeScript SDK answer over HTTP after a restart, in place of the protocol's 404.</summary>
    private bool IsUnknownSession(McpException exception) =>
        _options.Url is not null && exception is McpProtocolException { ErrorCode: (McpErrorCode)(-32000) or (McpErrorCode)(-32001) };

    private async Task<IReadOnlyList<AITool>> FirstAsync(Task<McpSession> session, CancellationToken cancellationToken)
    {
        await session.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Volatile.Read(ref _tools)!;
    }

    private void Offer(IReadOnlyList<Tool> all)
    {
        foreach (var pattern in _options.Tools.Where(pattern => !all.Any(tool => Matches(pattern, tool)))) _logger.PatternWithoutTool(_options.Name, pattern);
        var offered = all.Where(tool => _options.Tools.Any(pattern => Matches(pattern, tool)));
        var tools = McpToolNames.For(_options.Prefix ?? _options.Name, offered, tool => tool.Name).Select(pair => new McpTool(this, pair.Tool, pair.Name)).ToArray();
        Volatile.Write(ref _tools, tools);
        _logger.ToolsOffered(_options.Name, tools.Length, all.Count);
    }

    private static bool Matches(string pattern, Tool tool) => FileSystemName.MatchesSimpleExpression(pattern, tool.Name, ignoreCase: false);
}
