namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>What is given back when a session ends.</summary>
public sealed class CloseTests
{
    [Fact]
    public async Task The_connections_of_a_session_go_with_it_even_when_its_end_fails()
    {
        var log = new TestLog();
        await using var server = new TinyServer { Result = """{ "content": [] }""" };
        using var connections = new Watched();
        var source = new McpToolSource(new() { Name = "web", Url = server.Url }, log, null, (options, _) =>
            new McpLink(McpLink.ToUrl(options, connections).Transport, () => throw new InvalidOperationException("it cannot be killed")));
        await source.GetToolsAsync(default);
        Assert.False(connections.IsDisposed);

        await source.DisposeAsync();

        Assert.True(connections.IsDisposed);
        await log.HasAsync("was not closed in order");
    }

    private sealed class Watched() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
