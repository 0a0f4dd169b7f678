namespace ActorAgents.Tests.Tools;

public sealed class ToolThreadsTests
{
    [Fact]
    public async Task What_is_taken_out_of_the_line_is_not_run_and_what_has_begun_cannot_be()
    {
        using var threads = new ToolThreads(1);
        using var held = new SemaphoreSlim(0);
        var (begun, over, ran) = (new TaskCompletionSource(), new TaskCompletionSource(), new List<int>());
        var running = threads.Run(() =>
        {
            begun.SetResult();
            held.Wait();
        });
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var waiting = threads.Run(() => ran.Add(1));
        threads.Run(() => ran.Add(2));
        threads.Run(over.SetResult);

        Assert.False(threads.TryCancel(running));
        Assert.True(threads.TryCancel(waiting));
        Assert.False(threads.TryCancel(waiting));
        held.Release();

        await over.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([2], ran);
    }
}
