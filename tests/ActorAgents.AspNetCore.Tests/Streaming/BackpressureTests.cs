using System.Text;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class BackpressureTests
{
    private const int Chunks = 4_000, Size = 16 << 10;
    private static readonly string Piece = new('x', Size);

    [Theory]
    [InlineData("attached", 0)]
    [InlineData("detached", (4 << 20) / (2 * Size) - 2)]
    public async Task A_client_that_does_not_read_stops_the_providers_pulls_and_gets_everything_when_it_does(string mode, int atLeast)
    {
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(Piece, Chunks)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxTextChars = Chunks * Size }));
        var body = $$"""{"input":"hello","mode":"{{mode}}"}""";
        // By HTTP/1.0, so that the answer is not in chunks.
        using var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST /agents/assistant/1/turns HTTP/1.0\r\nHost: {server.Address.Authority}\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            receiveBuffer: 64 << 10);
        await provider.CallStartedAsync();

        var unread = await StandstillAsync(() => provider.ChunksPulled);
        Assert.InRange(unread, Math.Max(atLeast, 1), Chunks - 1);

        var text = 0L;
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line && !line.StartsWith("event: completed", StringComparison.Ordinal))
            text += line.StartsWith("data: {\"text\"", StringComparison.Ordinal) ? line.AsSpan("data: {\"text\"".Length).Count('x') : 0;
        Assert.Equal((long)Chunks * Size, text);
        Assert.True(provider.ChunksPulled > unread);
    }

    [Fact]
    public async Task A_reader_of_a_response_that_does_not_read_stops_the_providers_pulls()
    {
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(Piece, Chunks)));
        await using var server = await AgentServer.StartAsync(provider, Interop.Probe.Serve, a => a.WithLimits(l => l with { MaxTextChars = Chunks * Size }));
        const string body = """{"model":"assistant","input":"hello","stream":true}""";
        using (var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST /v1/responses HTTP/1.0\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}", receiveBuffer: 64 << 10))
        {
            await provider.CallStartedAsync();

            Assert.InRange(await StandstillAsync(() => provider.ChunksPulled), 1, Chunks - 1);
        }
        await Interop.Probe.OneAborted.ComesAsync(server, provider);
    }

    /// <summary>The count once it is the same for a while; how long that is decides only how much the test would notice.</summary>
    internal static async Task<long> StandstillAsync(Func<long> count)
    {
        for (long before = -1, same = 0; ;)
        {
            var now = count();
            same = now > 0 && now == before ? same + 1 : 0;
            if (same == 10) return now;
            before = now;
            await Task.Delay(50);
        }
    }
}
