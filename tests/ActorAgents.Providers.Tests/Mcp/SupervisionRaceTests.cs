using ActorAgents.Testing;

namespace ActorAgents.Providers.Tests.Mcp;

public sealed class SupervisionRaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_cut_needed_and_disposed_at_once_there_is_never_a_second_link_and_none_is_left(int seed)
    {
        for (var round = 0; round < 30; round++)
        {
            var random = new Random(seed * 1000 + round);
            using var stopped = new CancellationTokenSource();
            var time = new VirtualTime();
            var server = new FakeServer([Named("echo")] (string text) => text);
            var source = server.Source(time: time.Provider);
            if (round % 2 == 0) Assert.Equal("x", (string?)await source.CallAsync("echo", new() { ["text"] = "x" }, default)); // There is a link to cut.
            var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => CallAsync(source, stopped.Token))).ToArray();

            for (var i = 0; i < random.Next(1, 20); i++)
            {
                server.Cut();
                server.IsGone = random.Next(4) == 0;
                time.Advance(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
                for (var spin = random.Next(2000); spin > 0; spin--) await Task.Yield();
            }
            await Task.WhenAll(source.DisposeAsync().AsTask(), source.DisposeAsync().AsTask()).WaitAsync(TimeSpan.FromSeconds(30));

            await stopped.CancelAsync();
            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal((0, true), (server.OpenLinks, server.MostOpenLinks <= 1));
            Assert.StartsWith("Error: ", (string?)await source.CallAsync("echo", [], default));
        }
    }

    /// <summary>Each call ends with an answer or an error.</summary>
    private static async Task CallAsync(McpToolSource source, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            var answer = (string?)await source.CallAsync("echo", new() { ["text"] = "x" }, default).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(answer == "x" || answer!.StartsWith("Error: ", StringComparison.Ordinal), answer);
            await Task.Yield();
        }
    }
}
