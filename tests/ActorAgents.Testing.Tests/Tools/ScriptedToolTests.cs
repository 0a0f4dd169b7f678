using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing.Tests;

public sealed class ScriptedToolTests
{
    [Fact]
    public async Task It_answers_from_its_arguments_and_remembers_them()
    {
        var add = new ScriptedTool("add", call => call.Argument<int>("a") + call.Argument<int>("b"), "a", "b");

        var sum = await add.InvokeAsync(new() { ["a"] = 1, ["b"] = JsonSerializer.SerializeToElement(2) });

        Assert.Equal(3, sum);
        Assert.Equal(1, Assert.Single(add.Calls).Arguments["a"]);
        Assert.Equal(["a", "b"], add.JsonSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Equal((1, 1, 0), (add.Started, add.Ended, add.Running));
    }

    [Fact]
    public async Task A_held_call_waits_for_its_gate()
    {
        var tool = new ScriptedTool("slow").Holds(out var gate).Returns("done");

        var (first, second) = (InvokeAsync(tool), InvokeAsync(tool));
        await tool.StartedAsync(2);
        Assert.Equal((2, 2), (tool.Running, tool.MostRunning));
        gate.Open();

        Assert.Equal(["done", "done"], await Task.WhenAll(first, second));
        await tool.EndedAsync(2);
        Assert.Equal((0, 2), (tool.Running, tool.MostRunning));
        Assert.Equal([0, 1], tool.Calls.Select(c => c.Index));
    }

    [Fact]
    public async Task Cancelling_ends_a_held_call()
    {
        using var stop = new CancellationTokenSource();
        var tool = new ScriptedTool("slow").Holds(new Gate());
        var call = InvokeAsync(tool, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, tool.CancellationsSeen);
    }

    [Fact]
    public async Task A_deaf_call_sees_the_cancellation_and_goes_on_only_by_its_gate()
    {
        using var stop = new CancellationTokenSource();
        var tool = new ScriptedTool("deaf").Holds(out var gate).IgnoresCancellation().Returns("late");
        var call = InvokeAsync(tool, stop.Token);

        await stop.CancelAsync();
        await tool.CancelledAsync();
        Assert.False(call.IsCompleted);
        gate.Open();

        Assert.Equal("late", await call);
    }

    [Fact]
    public async Task It_throws_what_it_was_told_to()
    {
        var tool = new ScriptedTool("bad").Throws(new IOException("disk"));

        Assert.Equal("disk", (await Assert.ThrowsAsync<IOException>(() => InvokeAsync(tool))).Message);
        Assert.Equal(1, tool.Ended);
    }

    [Fact]
    public async Task It_may_return_nothing() => Assert.Null(await InvokeAsync(new ScriptedTool("silent").Returns(null)));

    [Fact]
    public async Task Its_delay_follows_the_given_clock()
    {
        var time = new VirtualTime();
        var call = InvokeAsync(new ScriptedTool("slow").Delays(TimeSpan.FromHours(1), time.Provider));

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ok", await call);
    }

    [Fact]
    public async Task Reports_without_an_agent_go_nowhere() =>
        Assert.Equal("ok", await InvokeAsync(new ScriptedTool("t").Reports("1 %", "2 %").Terminates()));

    private static Task<object?> InvokeAsync(ScriptedTool tool, CancellationToken cancellationToken = default) =>
        tool.InvokeAsync(new AIFunctionArguments(), cancellationToken).AsTask();
}
