using System.IO.Pipelines;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>A server of the SDK in this process, made anew by each link to it, for what real servers cannot be made to do.</summary>
internal sealed class FakeServer
{
    private readonly McpServerPrimitiveCollection<McpServerTool> _tools = [];
    private readonly List<Pipe> _pipes = [];

    public FakeServer(params Delegate[] tools)
    {
        foreach (var tool in tools) Add(tool);
    }

    /// <summary>How many links were opened.</summary>
    public int Links { get; private set; }

    /// <summary>How many of them are not closed.</summary>
    public int OpenLinks { get; private set; }

    /// <summary>The most that were ever open at once.</summary>
    public int MostOpenLinks { get; private set; }

    /// <summary>Links to come fail.</summary>
    public bool IsGone { get; set; }

    /// <summary>Links to come find nobody who answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>It says with every list of its tools that they have changed.</summary>
    public bool IsRestless { get; init; }

    /// <summary>Where every link waits before it is opened.</summary>
    public Gate? Door { get; init; }

    public McpToolSource Source(TestLog? log = null, TimeProvider? time = null, McpServerOptions? options = null) =>
        new(options ?? new() { Name = "fake", Command = "in-memory" }, log, time, Open);

    /// <summary>Tells the clients that the tools changed.</summary>
    public void Add(Delegate tool) => _tools.Add(McpServerTool.Create(tool, new() { Name = tool.Method.GetCustomAttributes(typeof(NamedAttribute), false).Cast<NamedAttribute>().Single().Name }));

    /// <summary>The newest link breaks.</summary>
    public void Cut()
    {
        lock (_pipes)
            foreach (var pipe in _pipes.TakeLast(2)) pipe.Writer.Complete();
    }

    private McpLink Open(McpServerOptions options, ILogger logger)
    {
        Links++;
        if (IsGone) throw new IOException("nobody is there");
        var (toServer, toClient) = (new Pipe(), new Pipe());
        lock (_pipes)
        {
            _pipes.AddRange([toServer, toClient]);
            MostOpenLinks = Math.Max(MostOpenLinks, ++OpenLinks);
        }
        if (!IsSilent) _ = ServeAsync(toServer, toClient);
        return new(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), Close);

        Task Close()
        {
            toServer.Writer.Complete();
            toClient.Writer.Complete();
            lock (_pipes) OpenLinks--;
            return Task.CompletedTask;
        }
    }

    private async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken token)
    {
        if (IsRestless) await request.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, token);
        return new();
    }

    private async Task ServeAsync(Pipe toServer, Pipe toClient)
    {
        if (Door is not null) await Door.WaitAsync();
        await using var transport = new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream());
        await using var server = McpServer.Create(transport, new() { ServerInfo = new() { Name = "fake", Version = "1" }, ToolCollection = _tools, Handlers = new() { ListToolsHandler = ListAsync } });
        await server.RunAsync();
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamedAttribute(string name) : Attribute
{
    public string Name => name;
}
