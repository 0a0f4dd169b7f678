using System.Diagnostics;
using ActorAgents.Testing;

namespace ActorAgents.Tests.Telemetry;

public sealed class SpanTests
{
    private static int _agents;
    private readonly string _key = $"spans-{Interlocked.Increment(ref _agents)}";

    [Theory, EveryWayOut, Trait("Behaviour", "T87")]
    public async Task A_turn_is_one_span_with_children_per_provider_call_and_tool(WayOut way)
    {
        using var spans = new SpanRecorder();
        await using var runtime = await WaysOut.StartAsync(
            new(Script.Call("look").Usage(5, 2), Script.Text("Done.").Usage(7, 3)), a => a.WithTool(new ScriptedTool("look")));
        var agent = runtime.Agents["writer", _key];

        var events = await runtime.ReadAllAsync(way, agent, "Hi");

        var (turn, children) = await spans.OfAsync(agent.Id, children: 3);
        Assert.Equal("invoke_agent writer", turn.DisplayName);
        Assert.Equal((events[0].Turn.Value, "completed"), (turn.GetTagItem("actoragents.turn.id"), turn.GetTagItem("actoragents.outcome")));
        Assert.Equal((12L, 5L), (turn.GetTagItem("gen_ai.usage.input_tokens"), turn.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.Equal(["chat scripted-model", "chat scripted-model", "execute_tool look"], children.Select(child => child.DisplayName).Order());
        var calls = children.Where(child => child.DisplayName.StartsWith("chat", StringComparison.Ordinal)).OrderBy(child => child.StartTimeUtc).ToArray();
        Assert.All(calls, call => Assert.Equal(turn.SpanId, call.ParentSpanId));
        Assert.Equal(calls[0].SpanId, children.Single(child => child.DisplayName == "execute_tool look").ParentSpanId);
        Assert.Equal(["tool_calls"], Assert.IsType<string[]>(calls[0].GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal(ActivityStatusCode.Unset, turn.Status);
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task The_turns_span_belongs_to_its_callers()
    {
        using var spans = new SpanRecorder();
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello"));
        var agent = runtime.Agents["writer", _key];

        using var caller = new Activity("request").Start();
        await agent.RunAsync("Hi");
        Assert.Same(caller, Activity.Current);

        Assert.Equal(caller.SpanId, (await spans.OfAsync(agent.Id, children: 1)).Turn.ParentSpanId);
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task Every_span_ends_when_the_turn_is_interrupted()
    {
        using var spans = new SpanRecorder();
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Stall(out var gate)));
        var agent = runtime.Agents["writer", _key];
        using var stop = new CancellationTokenSource();
        var run = agent.RunAsync("Hi", stop.Token);
        await gate.ReachedAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => run);

        var (turn, children) = await spans.OfAsync(agent.Id, children: 1);
        Assert.Equal(("interrupted", "Caller"), (turn.GetTagItem("actoragents.outcome"), turn.GetTagItem("error.type")));
        Assert.Equal("chat scripted-model", Assert.Single(children).DisplayName);
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_tools_span_ends_when_its_turn_is_interrupted()
    {
        using var spans = new SpanRecorder();
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var runtime = await WaysOut.StartAsync(new(Script.Call("look")), a => a.WithTool(look));
        var agent = runtime.Agents["writer", _key];
        using var stop = new CancellationTokenSource();
        var run = agent.RunAsync("Hi", stop.Token);
        await gate.ReachedAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => run);

        var tool = (await spans.OfAsync(agent.Id, children: 2)).Children.Single(child => child.DisplayName == "execute_tool look");
        Assert.Equal("Cancelled", tool.GetTagItem("error.type"));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_failed_turn_and_each_failed_call_say_so()
    {
        using var spans = new SpanRecorder();
        await using var runtime = await WaysOut.StartAsync(new(Script.Fails(401)));
        var agent = runtime.Agents["writer", _key];

        await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("Hi"));

        var (turn, children) = await spans.OfAsync(agent.Id, children: 1);
        Assert.All(children.Append(turn), span => Assert.Equal(("Authentication", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status)));
        Assert.Equal("failed", turn.GetTagItem("actoragents.outcome"));
    }

    [Fact, Trait("Behaviour", "T88")]
    public async Task Spans_hold_no_prompt_answer_argument_or_result()
    {
        using var spans = new SpanRecorder();
        await using var runtime = await WaysOut.StartAsync(
            new(Script.Text("secret-answer").Call("look", new { where = "secret-argument" }), Script.Text("Done.")),
            a => a.WithInstructions("secret-instructions").WithTool(new ScriptedTool("look", _ => "secret-result")));
        var agent = runtime.Agents["writer", _key];

        await agent.RunAsync("secret-prompt");

        var (turn, children) = await spans.OfAsync(agent.Id, children: 3);
        Assert.DoesNotContain(children.Append(turn).SelectMany(span => span.TagObjects), tag => $"{tag.Value}".Contains("secret"));
    }
}
