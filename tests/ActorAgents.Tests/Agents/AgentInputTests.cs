using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Agents;

public sealed class AgentInputTests
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Always("Hello");

    [Theory, InlineData(""), InlineData("   "), InlineData("\n\t")]
    public async Task An_empty_prompt_is_refused_at_once(string prompt)
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];

        Assert.Contains("prompt is empty", Assert.Throws<ArgumentException>(() => { agent.StreamAsync(prompt); }).Message);
        await Assert.ThrowsAsync<ArgumentException>(() => agent.RunAsync(prompt));
        await Assert.ThrowsAsync<ArgumentException>(() => agent.StartAsync(prompt));
    }

    [Fact]
    public void Input_without_any_content_is_refused()
    {
        Assert.Throws<ArgumentException>(() => AgentInput.From([]));
        Assert.Throws<ArgumentException>(() => AgentInput.From([new ChatMessage(ChatRole.User, ""), new ChatMessage(ChatRole.User, [])]));
        Assert.Throws<ArgumentNullException>(() => AgentInput.From((string)null!));
        Assert.Throws<ArgumentNullException>(() => AgentInput.From([null!]));
    }

    [Fact]
    public async Task No_input_is_refused_at_once()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];

        Assert.Throws<ArgumentNullException>(() => { agent.EventsAsync((AgentInput)null!); });
        Assert.Throws<ArgumentNullException>(() => { agent.Source(null!); });
        await Assert.ThrowsAsync<ArgumentNullException>(() => agent.RunAsync((AgentInput)null!));
    }

    [Fact]
    public async Task A_prompt_up_to_the_limit_is_taken_and_a_longer_one_refused_without_a_trace()
    {
        await using var runtime = await WaysOut.StartAsync(_provider, a => a.WithLimits(l => l with { MaxInputChars = 1000 }));
        var agent = runtime.Agents["writer", "1"];
        var huge = new string('x', 1001);

        await agent.RunAsync(new string('x', 1000));
        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => agent.RunAsync(huge));
        await Assert.ThrowsAsync<InvalidInputException>(() => agent.StartAsync(huge));
        await Assert.ThrowsAsync<InvalidInputException>(() => agent.StreamAsync(huge).CollectAsync());

        Assert.Contains("1001 characters", failure.Message);
        Assert.Contains("maxInputChars", failure.Message);
        Assert.DoesNotContain(huge, failure.Message);
        Assert.Equal(2, (await agent.GetMessagesAsync()).Count);
        Assert.Equal(1, _provider.CallsStarted);
    }

    [Fact]
    public async Task A_prompt_of_odd_characters_arrives_as_it_is()
    {
        const string odd = "a\0b \ud83d\ude00 \u202e ‮ {0} %s \\n ${x}";
        await using var runtime = await WaysOut.StartAsync(_provider);

        await runtime.Agents["writer", "1"].RunAsync(odd);

        Assert.Equal(odd, _provider.Requests[0].Prompt);
    }

    [Fact]
    public async Task Changing_a_message_after_the_call_does_not_reach_the_turn()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var message = new ChatMessage(ChatRole.User, "Hi") { AdditionalProperties = new() { ["a"] = 1 } };
        var stream = agent.StreamAsync(message);

        message.Contents.Add(new TextContent(" changed"));
        message.Role = ChatRole.System;
        message.AdditionalProperties["a"] = 2;
        await stream.CollectAsync();

        var kept = (await agent.GetMessagesAsync())[0];
        Assert.Equal(("user", "Hi", 1), (kept.Role.Value, kept.Text, kept.AdditionalProperties!["a"]));
        Assert.Equal("Hi", _provider.Requests[0].Prompt);
    }

    [Fact]
    public async Task Changing_returned_messages_does_not_reach_the_history()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var response = await agent.RunAsync("Hi");

        foreach (var message in response.Messages.Concat(await agent.GetMessagesAsync()))
        {
            message.Contents.Clear();
            message.Role = ChatRole.System;
            (message.AdditionalProperties ??= [])["changed"] = true;
        }

        var kept = await agent.GetMessagesAsync();
        Assert.Equal(["user: Hi", "assistant: Hello"], kept.Lines());
        Assert.DoesNotContain(kept, message => message.AdditionalProperties!.ContainsKey("changed"));
    }
}
