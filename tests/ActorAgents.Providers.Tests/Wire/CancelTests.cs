using System.Diagnostics;

namespace ActorAgents.Providers.Tests.Wire;

public sealed class CancelTests : WireTest
{
    /// <summary>Well below the two seconds for which a connection pool would go on reading an abandoned answer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_server_notices_at_once_that_nobody_listens_any_more(string kind)
    {
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async request =>
        {
            await request.BeginAsync(kind);
            foreach (var frame in Frames.Text(kind, "Once")) await request.SendAsync(kind, frame);
            await request.HungUpAsync();
            hungUp.SetResult();
        });
        await using var runtime = await StartAsync(server.Options(kind));
        var agent = runtime.Agents["writer", "1"];
        var since = Stopwatch.StartNew();

        await foreach (var next in agent.EventsAsync("Hi"))
        {
            if (next is not TextDelta) continue;
            since.Restart();
            await agent.InterruptAsync(next.Turn);
        }

        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(since.Elapsed < AtOnce, $"It took {since.Elapsed}.");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_request_that_has_no_answer_yet_is_taken_back(string kind)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(async request =>
        {
            asked.SetResult();
            await request.HungUpAsync();
            hungUp.SetResult();
        });
        await using var runtime = await StartAsync(server.Options(kind));
        using var caller = new CancellationTokenSource();

        var turn = runtime.Agents["writer", "1"].RunAsync("Hi", null, caller.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await caller.CancelAsync();

        await Assert.ThrowsAsync<StreamInterruptedException>(() => turn);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
