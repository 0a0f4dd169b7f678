using ActorAgents.Testing;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Agents;

public sealed class ChatClientTests
{
    [Fact]
    public async Task Only_what_follows_the_last_assistant_message_is_the_input()
    {
        var provider = new ScriptedProvider("One.", "Two.");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var client = agent.AsChatClient();
        var messages = new List<ChatMessage> { new(ChatRole.User, "first") };

        var response = await client.GetResponseAsync(messages);
        messages.AddMessages(response);
        messages.Add(new(ChatRole.User, "second"));
        messages.Add(new(ChatRole.User, "and third"));
        await client.GetResponseAsync(messages);

        Assert.Equal("One.", response.Text);
        Assert.Equal(["user: first", "assistant: One.", "user: second", "user: and third"], provider.Requests[1].Messages.Lines());
        Assert.Equal(5, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task The_answer_names_the_conversation_and_the_turn_and_no_provider_is_told_of_it()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hello ", "world!").Usage(5, 2));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "a/b"];
        var client = agent.AsChatClient();

        var response = await client.GetResponseAsync("Hi", new ChatOptions { ConversationId = agent.Id.Value, Temperature = 0.5f });

        Assert.Equal("default/writer/a%2Fb", response.ConversationId);
        Assert.Equal((await agent.GetMessagesAsync())[0].AdditionalProperties!["actoragents.turn"], response.ResponseId);
        Assert.Equal((7L, ChatFinishReason.Stop), (response.Usage!.TotalTokenCount, response.FinishReason));
        Assert.Equal((null, 0.5f), (provider.Requests[0].Options!.ConversationId, provider.Requests[0].Options!.Temperature));
    }

    [Fact]
    public async Task Updates_stream_as_they_come()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Stall(out var gate).Text("lo")));
        await using var probe = runtime.Agents["writer", "1"].AsChatClient().GetStreamingResponseAsync("Hi").Probe();

        Assert.Equal("Hel", (await probe.NextAsync()).Text);
        gate.Open();

        Assert.Equal("Hello", string.Concat((await probe.ReadAllAsync()).Select(update => update.Text)));
    }

    [Fact]
    public async Task Failures_are_thrown_with_their_partial_text()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Fails(400)));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].AsChatClient().GetResponseAsync("Hi"));

        Assert.Equal((TurnErrorKind.InvalidRequest, "Hel"), (failure.Kind, failure.PartialResponse));
    }

    [Fact]
    public async Task The_client_tells_who_it_is()
    {
        await using var runtime = await WaysOut.StartAsync(new());
        var agent = runtime.Agents["writer", "1"];
        using var client = agent.AsChatClient();

        Assert.Same(agent, client.GetService<Agent>());
        Assert.Equal("writer", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Null(client.GetService<FunctionInvokingChatClient>());
    }

    [Fact]
    public async Task A_stateless_call_sends_exactly_the_messages_given_and_names_no_conversation()
    {
        var provider = ScriptedProvider.Always("Three.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithInstructions("Be brief."));
        var client = runtime.Agents.Stateless("writer").AsChatClient();
        ChatMessage[] messages = [new(ChatRole.User, "one?"), new(ChatRole.Assistant, "One."), new(ChatRole.User, "two?")];

        var first = await client.GetResponseAsync(messages);
        await client.GetResponseAsync(messages);

        Assert.Equal(("Three.", null), (first.Text, first.ConversationId));
        Assert.All(provider.Requests, request =>
            Assert.Equal(["system: Be brief.", "user: one?", "assistant: One.", "user: two?"], request.Messages.Lines()));
    }

    [Fact]
    public async Task The_agent_of_a_stateless_call_is_gone_after_it()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Stall(out var gate).Text("lo")));
        var call = runtime.Agents.Stateless("writer").AsChatClient().GetResponseAsync("Hi");
        await gate.ReachedAsync();
        var actor = await runtime.System.ActorSelection("/user/agents/*/default:writer:*").ResolveOne(TimeSpan.FromSeconds(30));

        gate.Open();
        await call;

        Assert.True(await actor.WatchAsync());
        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task Calls_and_results_that_were_handled_before_are_sent_on_in_pairs()
    {
        var provider = ScriptedProvider.Always("18 degrees.");
        await using var runtime = await WaysOut.StartAsync(provider);
        var call = new FunctionCallContent("c1", "weather") { InformationalOnly = true };

        await runtime.Agents.Stateless("writer").AsChatClient().GetResponseAsync(
        [
            new(ChatRole.User, "How warm?"), new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("c1", "18")]), new(ChatRole.User, "Well?"),
        ]);

        Assert.Equal(["user", "assistant", "tool", "user"], provider.Requests[0].Messages.Select(message => message.Role.Value));
    }
}
