using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Interop;

public sealed class ReasoningTests(MockServer server) : InteropTest(server)
{
    private static readonly TurnOptions Thinking = new() { Chat = new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Medium } } };

    [InteropTheory, InlineData("openai"), InlineData("openai-responses"), InlineData("anthropic"), Trait("Behaviour", "T81")]
    public async Task Thoughts_come_before_the_answer_and_are_no_part_of_it(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var events = await ReadAsync(runtime.Agents["writer", "1"], "think, then answer", Thinking);

        Assert.Equal("The user wants thoughts.", string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)));
        Assert.Equal("I thought.", End<TurnCompleted>(events).Text);
    }

    [InteropTheory, InlineData("openai-responses"), InlineData("anthropic"), Trait("Behaviour", "T81")]
    public async Task Thoughts_go_back_with_the_results_of_tools(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithTool(Weather()));
        var agent = runtime.Agents["writer", "1"];

        var events = await ReadAsync(agent, "think, then look", Thinking);

        // The server refuses a second request that lacks them.
        Assert.Equal("Paris has 18 degrees.", End<TurnCompleted>(events).Text);
        Assert.Equal("I need the weather.Now I know.", string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)));
        var reasoning = (await agent.GetMessagesAsync()).SelectMany(m => m.Contents).OfType<TextReasoningContent>();
        Assert.All(reasoning, r => Assert.StartsWith(kind + "|", r.ProtectedData));
    }
}
