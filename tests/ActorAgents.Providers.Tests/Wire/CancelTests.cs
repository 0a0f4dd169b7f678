using System.Diagnostics;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class CancelTests : WireTest
{
    /// <summary>A connection pool would go on reading an abandoned answer for two seconds.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1.9);

    public static TheoryData<string, bool> KindsAndReaders
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in ProviderKinds.Names) { data.Add(kind, true); data.Add(kind, false); }
            return data;
        }
    }

    [Theory, MemberData(nameof(KindsAndReaders))]
    public async Task The_server_notices_at_once_that_nobody_listens_any_more(string kind, bool waiting)
    {
        var took = TimeSpan.MaxValue;
        // A loaded machine may be late, but not three times; draining would be every time.
        for (var attempt = 1; attempt <= 3 && took >= Drain; attempt++) took = await TimeToHangUpAsync(kind, waiting);

        Assert.True(took < Drain, $"It took {took}.");
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

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_cancelled_answer_does_not_look_like_a_whole_one(string kind)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, "Once"), .. Frames.End(kind, full: false)]);
        using var client = ProviderClient.Create(server.Options(kind));
        using var caller = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hi", null, caller.Token))
                if (update.Text.Length > 0) await caller.CancelAsync();
        });
    }

    /// <param name="waiting">Whether the reader waits for the next piece when the turn is interrupted.</param>
    private static async Task<TimeSpan> TimeToHangUpAsync(string kind, bool waiting)
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
        await using var reading = agent.EventsAsync("Hi").Probe();
        while (await reading.NextAsync() is not TextDelta) { }
        if (waiting) reading.Pull();

        var since = Stopwatch.StartNew();
        Assert.True(await agent.InterruptAsync(reading.Seen[^1].Turn));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return since.Elapsed;
    }
}
