using System.ClientModel;
using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.AspNetCore.Tests.Responses;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace ActorAgents.AspNetCore.Tests.Interop.Responses;

#pragma warning disable OPENAI001, MEAI001 // Responses, and waiting for them, are marked as experimental.

/// <summary>What only the <see cref="IChatClient"/> over responses does; the rest is told with those of chat completions.</summary>
public sealed class ChatClientTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task The_id_of_a_conversation_is_the_response_to_go_on_from_and_only_what_is_new_is_sent(bool streams)
    {
        var provider = new ScriptedProvider("Hi.", "Hi again.", "Bye.");
        await using var server = await AgentServer.StartAsync(provider);
        using var client = Over(server);

        var first = await AskAsync(client, "hello", new(), streams);
        var second = await AskAsync(client, "and now?", new() { ConversationId = first.ConversationId }, streams);
        await AskAsync(client, "bye", new() { ConversationId = second.ConversationId }, streams);

        Assert.StartsWith("resp_", first.ConversationId);
        Assert.Equal(["user: hello", "assistant: Hi.", "user: and now?", "assistant: Hi again.", "user: bye"], provider.Requests[2].Lines());
        Assert.Equal(1, server.Agents.Status.Agents);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_conversation_that_is_named_is_an_agent(bool streams)
    {
        var provider = new ScriptedProvider("Hi.", "Hi again.");
        await using var server = await AgentServer.StartAsync(provider);
        using var client = Over(server);

        var first = await AskAsync(client, "hello", new() { ConversationId = "conv_ann" }, streams);
        await AskAsync(client, "and now?", new() { ConversationId = first.ConversationId }, streams);

        Assert.Equal(4, (await server.Agents["assistant", "conv_ann"].GetMessagesAsync()).Count);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Without_storing_the_client_brings_the_whole_conversation_with_its_calls(bool streams)
    {
        var provider = new ScriptedProvider(Script.Reason("Hm.").Text("Let me see.").Call("get_weather", new { city = "Riga" }, "c1").Call("get_weather", new { city = "Oslo" }, "c2"), "18 in both.");
        await using var server = await AgentServer.StartAsync(provider);
        using var client = Over(server).AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Tools = [AIFunctionFactory.Create((string city) => 18, Given.Weather, Given.Description)],
            RawRepresentationFactory = _ => new CreateResponseOptions { StoredOutputEnabled = false },
        };

        var answer = await AskAsync(client, "go", options, streams);

        Assert.EndsWith("18 in both.", answer.Text);
        Assert.Equal(["user: go", "assistant: Let me see.", "tool: ", "tool: "], provider.Requests[1].Lines());
        Assert.Equal(["18", "18"], provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => $"{result.Result}"));
        Assert.Equal(0, server.Agents.Status.Agents);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_set_reaches_the_provider(bool streams)
    {
        var provider = new ScriptedProvider(Script.Call(Given.Weather, new { city = "Riga" }));
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of("IChatClient of responses").Start(server, new Call("parameters", streams));
        await hearing.AnswerAsync();

        var request = Assert.Single(provider.Requests);
        var options = request.Options!;
        Assert.Equal((0.5f, 0.25f, 100, Given.Instructions), (options.Temperature, options.TopP, options.MaxOutputTokens, options.Instructions));
        Assert.Equal(Given.Weather, Assert.IsType<RequiredChatToolMode>(options.ToolMode).RequiredFunctionName);
        Assert.Equal(Given.Weather, Assert.Single(options.Tools!).Name);
        Assert.True(Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).Schema!.Value.GetProperty("properties").TryGetProperty("city", out _));
        Assert.Equal("image/png", Assert.Single(Assert.Single(request.Messages).Contents.OfType<DataContent>()).MediaType);
    }

    [Fact]
    public async Task A_background_answer_is_asked_for_by_its_token_until_it_is_there()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        using var client = Over(server);
        var options = new ChatOptions { AllowBackgroundResponses = true };

        var answer = await client.GetResponseAsync("go", options);
        Assert.NotNull(answer.ContinuationToken);
        await gate.ReachedAsync();
        gate.Open();
        while (answer.ContinuationToken is { } token) answer = await client.GetResponseAsync([], new ChatOptions { AllowBackgroundResponses = true, ContinuationToken = token });

        Assert.Equal("Once upon", answer.Text);
    }

    [Fact]
    public async Task A_background_stream_that_broke_is_resumed_by_its_token()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        using var client = Over(server);
        ResponseContinuationToken? token = null;
        await foreach (var update in client.GetStreamingResponseAsync("go", new ChatOptions { AllowBackgroundResponses = true }))
        {
            token = update.ContinuationToken;
            if (update.Text == "Once ") break;
        }
        await gate.ReachedAsync();
        gate.Open();

        var rest = await client.GetStreamingResponseAsync([], new ChatOptions { AllowBackgroundResponses = true, ContinuationToken = token }).ToChatResponseAsync();

        Assert.Equal("upon", rest.Text);
    }

    [Fact]
    public async Task The_SDK_reads_cancels_and_deletes_responses()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        var client = Sdk(server);
        var asked = (await client.CreateResponseAsync(new CreateResponseOptions("assistant", [global::OpenAI.Responses.ResponseItem.CreateUserMessageItem("go")]) { BackgroundModeEnabled = true })).Value;
        await gate.ReachedAsync();
        Assert.Equal(ResponseStatus.InProgress, (await client.GetResponseAsync(asked.Id)).Value.Status);

        Assert.Equal(ResponseStatus.Cancelled, (await client.CancelResponseAsync(asked.Id)).Value.Status);

        var kept = (await client.GetResponseAsync(asked.Id)).Value;
        Assert.Equal("Once ", kept.GetOutputText());
        Assert.True((await client.DeleteResponseAsync(asked.Id)).Value.Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(asked.Id))).Status);
    }

    private static ResponsesClient Sdk(AgentServer server) =>
        new(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new Uri(server.Address, "v1") });

    private static IChatClient Over(AgentServer server) => Sdk(server).AsIChatClient("assistant");

    private static async Task<ChatResponse> AskAsync(IChatClient client, string prompt, ChatOptions options, bool streams) =>
        streams ? await client.GetStreamingResponseAsync(prompt, options).ToChatResponseAsync() : await client.GetResponseAsync(prompt, options);
}
