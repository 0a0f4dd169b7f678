namespace ActorAgents.Testing.Tests;

public sealed class CarefulReaderTests
{
    [Fact]
    public async Task Readers_that_keep_the_rules_are_never_reported_however_their_streams_end()
    {
        var gate = new Gate();
        ChatScript[] scripts =
        [
            Script.Text("a", "b", "c"), Script.Text("a", "b", "c").YieldBetween(), Script.Text("a").Stall(gate).Text("b"), Script.Text("a").Yield().Throw(new IOException()),
            Script.Text("a").Stall(gate).Text("b").IgnoreCancellation(), Script.Text("a").Delay(TimeSpan.FromMilliseconds(1)).Call("t"), Script.Text("a").Stall(),
        ];
        var provider = new ScriptedProvider(request => scripts[request.Index % scripts.Length]);

        var readers = Enumerable.Range(0, 2_000).Select(n => Task.Run(() => ReadAsync(provider, n))).ToArray();
        await provider.CallStartedAsync(2_000);
        gate.Open();
        await Task.WhenAll(readers);
        await provider.ReleasedAsync();

        Assert.Empty(provider.Violations);
        Assert.Equal((2_000, 2_000), (provider.EnumeratorsCreated, provider.EnumeratorsDisposed));
        Assert.Equal(provider.Requests.Sum(r => r.Pulls), provider.ChunksPulled);
    }

    private static async Task ReadAsync(ScriptedProvider provider, int n)
    {
        using var stop = new CancellationTokenSource();
        var left = n % 3;
        var cancelling = Task.CompletedTask;
        try
        {
            await foreach (var _ in provider.Ask(stop.Token))
            {
                cancelling = Task.Run(stop.Cancel);
                if (left-- == 0) break;
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
        }
        await cancelling;
    }
}
