using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class ParameterTests
{
    [Theory, NodeClients(true, false, OnlyCompletions = true), DotNetClients(true, false, OnlyCompletions = true)]
    public async Task What_a_client_sets_reaches_the_provider(string client, bool streams)
    {
        var provider = new ScriptedProvider(Script.Call("get_weather", new { city = "Riga" }));
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of(client).Start(server, new Call("parameters", streams));
        await hearing.AnswerAsync();

        var options = Assert.Single(provider.Requests).Options!;
        Assert.Equal((0.5f, 0.25f, 100, 7), (options.Temperature, options.TopP, options.MaxOutputTokens, options.Seed));
        Assert.Equal(["END"], options.StopSequences);
        Assert.Equal("get_weather", Assert.IsType<RequiredChatToolMode>(options.ToolMode).RequiredFunctionName);
        Assert.Equal("get_weather", Assert.Single(options.Tools!).Name);
        var format = Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat);
        Assert.Equal("place", format.SchemaName);
        AssertMessages(provider.Requests[0].Messages);
        Assert.True(format.Schema!.Value.GetProperty("properties").TryGetProperty("city", out _));
    }

    [Theory, NodeClients, DotNetClients]
    public async Task The_effort_reaches_the_provider(string client)
    {
        var provider = new ScriptedProvider("Done.");
        await using var server = await AgentServer.StartAsync(provider);

        await using var hearing = OfficialClient.Of(client).Start(server, new Call(Effort: "high"));
        await hearing.AnswerAsync();

        Assert.Equal(ReasoningEffort.High, Assert.Single(provider.Requests).Options!.Reasoning!.Effort);
    }

    [Theory, NodeClients(OnlyCompletions = true), DotNetClients(OnlyCompletions = true)]
    public async Task An_agent_that_a_header_names_keeps_the_conversation(string client)
    {
        var provider = new ScriptedProvider("Hi.", "Hi again.");
        await using var server = await AgentServer.StartAsync(provider);

        await using (var first = OfficialClient.Of(client).Start(server, new Call(Agent: "ann"))) await first.AnswerAsync();
        await using (var second = OfficialClient.Of(client).Start(server, new Call(Agent: "ann", Prompt: "and now?"))) await second.AnswerAsync();

        Assert.Equal(["hello", "Hi.", "and now?"], provider.Requests[1].Messages.Select(message => message.Text));
    }

    private static void AssertMessages(IReadOnlyList<ChatMessage> messages)
    {
        Assert.Equal([(ChatRole.System, "Be brief."), (ChatRole.User, "hello")], messages.Select(message => (message.Role, message.Text)));
        Assert.Equal("image/png", Assert.Single(messages[1].Contents.OfType<DataContent>()).MediaType);
    }
}
