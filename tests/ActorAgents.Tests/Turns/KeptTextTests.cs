using ActorAgents.Testing;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorAgents.Tests.Turns;

/// <summary>What was said stays in the conversation, however the reader went.</summary>
public sealed class KeptTextTests
{
    private readonly ScriptedProvider _provider;
    private readonly Gate _gate;

    public KeptTextTests() => _provider = new(Script.Text("Hel", "lo").Stall(out _gate).Text("!"), Script.Text("Better."));

    [Fact, Trait("Behaviour", "P01")]
    public async Task After_the_callers_cancellation()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        using var stop = new CancellationTokenSource();
        await using var reader = agent.StreamAsync("Hi", stop.Token).GetAsyncEnumerator();
        await reader.MoveNextAsync();
        await reader.MoveNextAsync();
        var waiting = reader.MoveNextAsync().AsTask();
        await _gate.ReachedAsync();

        await stop.CancelAsync();

        var failure = await Assert.ThrowsAsync<StreamInterruptedException>(() => waiting);
        Assert.Equal(("Hello", InterruptReason.Caller, stop.Token), (failure.PartialResponse, failure.Reason, failure.CancellationToken));
        await ExpectKept(agent);
    }

    [Fact, Trait("Behaviour", "P01")]
    public async Task After_the_reader_left_the_loop()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];

        var seen = "";
        await foreach (var chunk in agent.StreamAsync("Hi"))
        {
            seen += chunk.Content;
            if (seen == "Hello") break;
        }

        await ExpectKept(agent);
    }

    [Fact, Trait("Behaviour", "P01")]
    public async Task After_a_graph_cancelled_its_source()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];

        var (control, seen) = agent.Source("Hi").Take(3).ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(runtime.System.Materializer());

        Assert.Equal("Hello", (await seen).Text());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.Completion);
        await ExpectKept(agent);
    }

    [Fact, Trait("Behaviour", "P01")]
    public async Task After_a_whole_call_was_cancelled()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        using var stop = new CancellationTokenSource();
        var run = agent.RunAsync("Hi", stop.Token);
        await _gate.ReachedAsync();

        await stop.CancelAsync();

        Assert.Equal("Hello", (await Assert.ThrowsAsync<StreamInterruptedException>(() => run)).PartialResponse);
        await ExpectKept(agent);
    }

    [Fact, Trait("Behaviour", "P01")]
    public async Task Before_the_first_piece_the_prompt_alone_is_kept()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate), Script.Text("Better."));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        using var stop = new CancellationTokenSource();
        var run = agent.RunAsync("Hi", stop.Token);
        await gate.ReachedAsync();

        await stop.CancelAsync();

        Assert.Equal("", (await Assert.ThrowsAsync<StreamInterruptedException>(() => run)).PartialResponse);
        var kept = Assert.Single(await agent.GetMessagesAsync());
        Assert.Equal(("Hi", "interrupted"), (kept.Text, kept.State()));
    }

    [Fact, Trait("Behaviour", "P01")]
    public async Task A_turn_cancelled_before_it_began_leaves_no_trace()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];

        var failure = await Assert.ThrowsAsync<StreamInterruptedException>(() => agent.RunAsync("Hi", new CancellationToken(true)));

        Assert.Equal(("", InterruptReason.Caller), (failure.PartialResponse, failure.Reason));
        Assert.Empty(await agent.GetMessagesAsync());
        Assert.Equal(0, _provider.CallsStarted);
    }

    private async Task ExpectKept(Agent agent)
    {
        var messages = await agent.GetMessagesAsync();
        Assert.Equal(["user: Hi", "assistant: Hello"], messages.Lines());
        Assert.All(messages, message => Assert.Equal("interrupted", message.State()));
        await _provider.ReleasedAsync();
        Assert.Equal("Better.", (await agent.RunAsync("Again")).Content);
        Assert.Equal(["user: Hi", "assistant: Hello", "user: Again"], _provider.Requests[1].Messages.Lines());
        Assert.Empty(_provider.Violations);
    }
}
