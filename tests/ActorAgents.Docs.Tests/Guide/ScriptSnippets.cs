#region script
using ActorAgents;
using Microsoft.Extensions.AI;

#endregion
using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class ScriptSnippets : SnippetTest
{
    [Fact]
    public async Task A_script_that_waits_for_the_whole_answer()
    {
        IChatClient chatClient = new ScriptedProvider("Once upon a time.");
        #region script-before
        ChatResponse answer = await chatClient.GetResponseAsync("Tell me a story");
        Console.WriteLine(answer.Text);
        #endregion
        Assert.Equal("Once upon a time." + Environment.NewLine, Printed);
    }

    [Fact]
    public async Task A_script_that_streams()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once ", "upon ", "a time."));
        #region script
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", chatClient)
            .AddAgent("writer", a => a.WithInstructions("You write short stories.")));
        Agent agent = runtime.Agents["writer", "ann"];

        await foreach (StreamChunk chunk in agent.StreamAsync("Tell me a story"))
            Console.Write(chunk.Content);
        #endregion
        Assert.Equal("Once upon a time.", Printed);
        Assert.Equal(["system", "user"], chatClient.Requests[0].Messages.Select(m => m.Role.Value));
    }

    [Fact]
    public async Task The_whole_answer_and_the_conversation()
    {
        var agent = await AgentAsync("Hello Ann.", "Your name is Ann.");
        #region async
        await agent.RunAsync("My name is Ann.");
        AgentResponse answer = await agent.RunAsync("What is my name?");
        Console.WriteLine(answer.Content);

        IReadOnlyList<ChatMessage> messages = await agent.GetMessagesAsync();
        #endregion
        Assert.Equal("Your name is Ann." + Environment.NewLine, Printed);
        Assert.Equal(["My name is Ann.", "Hello Ann.", "What is my name?", "Your name is Ann."], messages.Select(m => m.Text));
    }

    [Fact]
    public async Task The_chunks_of_a_stream_end_with_a_final_one()
    {
        var agent = await AgentAsync(Script.Text("Once ", "upon").Usage(3, 4));
        #region stream
        await foreach (var chunk in agent.StreamAsync("Tell me a story"))
        {
            if (!chunk.IsFinal) Console.Write(chunk.Content);
            else Console.WriteLine($" ({chunk.Metadata["finish_reason"]}, {chunk.Metadata["total_tokens"]} tokens)");
        }
        #endregion
        Assert.Equal("Once upon (stop, 7 tokens)" + Environment.NewLine, Printed);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_provider_is_asked_whether_it_streams(bool streams)
    {
        var provider = new ScriptedProvider(Script.Text("Hel", "lo."));
        var agent = await AgentAsync(provider, configure: p => p.Streams(streams));
        var prompt = "Hello";
        #region capability
        ProviderInfo info = await agent.GetProviderInfoAsync();
        if (info.SupportsStreaming)
        {
            await foreach (var chunk in agent.StreamAsync(prompt)) Console.Write(chunk.Content);
        }
        else
        {
            Console.Write((await agent.RunAsync(prompt)).Content);
        }
        #endregion
        Assert.Equal("Hello.", Printed);
        Assert.Equal(streams, provider.Requests[0].IsStreaming);
    }

    [Fact]
    public async Task A_provider_that_does_not_stream_gives_its_answer_as_one_chunk()
    {
        var provider = new ScriptedProvider("Hello.", "Hello.");
        var agent = await AgentAsync(provider, configure: p => p.Streams(false));
        await Assert.ThrowsAsync<StreamingNotSupportedException>(() => agent.StreamAsync("Hello").CollectAsync());
        Assert.Empty(await agent.GetMessagesAsync());
        #region fallback
        var options = new TurnOptions { FallBackToNonStreaming = true };
        await foreach (var chunk in agent.StreamAsync("Hello", options)) Console.Write(chunk.Content);
        #endregion
        Assert.Equal("Hello.", Printed);
    }
}
