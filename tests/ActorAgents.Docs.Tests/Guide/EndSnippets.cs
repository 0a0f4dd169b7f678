using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Docs.Tests.Guide;

/// <summary>Errors, interruption, timeouts: how turns end otherwise than by their own accord.</summary>
public sealed class EndSnippets : SnippetTest
{
    [Fact]
    public async Task A_provider_that_breaks_off_leaves_the_text_so_far()
    {
        var agent = await AgentAsync(Script.Text("Once ", "upon").Fails(503));

        await PrintAsync(agent, "Tell me a story");

        Assert.Equal(["Once upon", "The provider failed (Truncated). So far: Once upon", ""], Printed.Split(Environment.NewLine));
        Assert.Equal(["Tell me a story", "Once upon"], (await agent.GetMessagesAsync()).Select(m => m.Text));
    }

    [Fact]
    public async Task An_interruption_leaves_the_text_so_far()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall(out var gate));
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var reading = PrintAsync(runtime.Agents["writer", "1"], "Tell me a story");
        await gate.ReachedAsync();
        await runtime.Agents.HaltAsync(HaltScope.Cluster, "maintenance");

        await reading;

        Assert.Equal(["Once upon", "Interrupted (Halted). So far: Once upon", ""], Printed.Split(Environment.NewLine));
    }

    [Fact]
    public async Task A_running_turn_is_interrupted_by_its_id()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall(out var gate), "Again.");
        var agent = await AgentAsync(provider);
        #region interrupt
        var turn = new TurnId("story-1");
        Task<StreamingResponse> reading = agent.StreamAsync("Tell me a story", new TurnOptions { TurnId = turn }).CollectAsync();
        #endregion
        await gate.ReachedAsync();
        #region interrupt
        bool stopped = await agent.InterruptAsync(turn); // by whoever knows the id
        #endregion

        var interrupted = await Assert.ThrowsAsync<StreamInterruptedException>(() => reading);
        Assert.True(stopped);
        Assert.Equal((InterruptReason.User, "Once upon"), (interrupted.Reason, interrupted.PartialResponse));
        await provider.ReleasedAsync();
        #region kept
        foreach (ChatMessage message in await agent.GetMessagesAsync())
            Console.WriteLine($"{message.Role}: {message.Text} ({message.AdditionalProperties?["actoragents.state"]})");
        #endregion
        Assert.Equal(["user: Tell me a story (interrupted)", "assistant: Once upon (interrupted)", ""], Printed.Split(Environment.NewLine));
        await agent.RunAsync("Go on");
        Assert.Equal(["Tell me a story", "Once upon", "Go on"], provider.Requests[1].Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task A_timeout_keeps_the_text_so_far()
    {
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall(out var gate));
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider).AddAgent("writer").WithTimeProvider(time.Provider));
        var agent = runtime.Agents["writer", "1"];
        var prompt = "Tell me a story";
        var reading = Read();
        await gate.ReachedAsync();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await reading;

        Assert.Equal("Too slow (IdleTimeout), but there is: Once upon" + Environment.NewLine, Printed);

        async Task Read()
        {
            #region timeout
            var hurried = new TurnOptions
            {
                Limits = agent.Definition.Limits with { FirstTokenTimeout = TimeSpan.FromSeconds(10), IdleTimeout = TimeSpan.FromSeconds(5) },
            };
            try
            {
                Console.WriteLine((await agent.RunAsync(prompt, hurried)).Content);
            }
            catch (StreamInterruptedException late)
            {
                Console.WriteLine($"Too slow ({late.Reason}), but there is: {late.PartialResponse}");
            }
            #endregion
        }
    }

    private async Task PrintAsync(Agent agent, string prompt)
    {
        #region errors
        try
        {
            await foreach (var chunk in agent.StreamAsync(prompt)) Console.Write(chunk.Content);
        }
        catch (StreamInterruptedException stopped)
        {
            Console.WriteLine();
            Console.WriteLine($"Interrupted ({stopped.Reason}). So far: {stopped.PartialResponse}");
        }
        catch (ProviderException failed)
        {
            Console.WriteLine();
            Console.WriteLine($"The provider failed ({failed.Kind}). So far: {failed.PartialResponse}");
        }
        #endregion
    }
}
