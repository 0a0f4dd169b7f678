using ActorAgents.AspNetCore.Tests.Interop.Clients;
using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.Completions;

public sealed class AnswerTests
{
    [Theory, NodeClients, DotNetClients]
    public async Task A_streamed_answer_comes_in_the_providers_pieces_with_its_reason_and_tokens(string client)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon\n", "a zażółć 😀").Usage(3, 4)));

        await using var hearing = OfficialClient.Of(client).Start(server, new Call());
        var answer = await hearing.AnswerAsync();

        Assert.Equal(["Once ", "upon\n", "a zażółć 😀"], answer.Select(said => said.Text).Where(text => !string.IsNullOrEmpty(text)));
        AssertEnd(answer);
    }

    [Theory, NodeClients, DotNetClients]
    public async Task A_whole_answer_comes_with_its_reason_and_tokens(string name)
    {
        var client = OfficialClient.Of(name);
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon\n", "a zażółć 😀").Usage(3, 4)));

        await using var hearing = client.Start(server, new Call(Stream: false));
        var answer = await hearing.AnswerAsync();

        Assert.Equal("Once upon\na zażółć 😀", answer.Text());
        AssertEnd(answer, client.TellsReasonOfWhole);
    }

    [Theory, NodeClients(true, false), DotNetClients(true, false)]
    public async Task Thoughts_are_no_part_of_the_answer(string name, bool streams)
    {
        var client = OfficialClient.Of(name);
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Reason("Let me ", "think.").Text("Done.")));

        await using var hearing = client.Start(server, new Call(Stream: streams));
        var answer = await hearing.AnswerAsync();

        Assert.Equal("Done.", answer.Text());
        Assert.Equal(client.ShowsReasoning ? "Let me think." : "", answer.Reasoning());
    }

    [InteropTheory, InlineData("openai"), InlineData("OpenAI")] // The others have no list of models.
    public async Task The_kinds_of_agents_are_the_models(string client)
    {
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider()).AddAgent("assistant").AddAgent("writer"));

        await using var hearing = OfficialClient.Of(client).Start(server, new Call("models"));

        Assert.Equal(["assistant", "writer"], (await hearing.AnswerAsync()).Select(said => said.Model).Order());
    }

    [Theory, NodeClients, DotNetClients]
    public async Task A_key_of_the_server_is_the_clients_key(string client)
    {
        var secret = ApiKey.NewSecret();
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider("Hi."), http => http.Keys.Add(new ApiKey("ann", ApiKey.Hash(secret), [ActorAgentsScopes.Chat])));

        await using var stranger = OfficialClient.Of(client).Start(server, new Call(Key: ApiKey.NewSecret()));
        Assert.Equal(401, (await stranger.RestAsync()).Problem().Status);
        await using var ann = OfficialClient.Of(client).Start(server, new Call(Key: secret));

        Assert.Equal("Hi.", (await ann.AnswerAsync()).Text());
    }

    [Theory, NodeClients, DotNetClients]
    public async Task Keep_alives_before_and_within_an_answer_are_no_part_of_it(string client)
    {
        var provider = new ScriptedProvider(Script.Stall(out var start).Text("Once ").Stall(out var middle).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, http => http.KeepAlive = TimeSpan.FromMilliseconds(20));
        Mark[] marks = [new(": keep"), new("Once"), new(": keep")];
        await using var proxy = new MarkedProxy(server.Address, marks);
        await using var hearing = OfficialClient.Of(client).Start(proxy.Address, new Call());

        await marks[0].ReachedAsync();
        start.Open();
        await marks[2].ReachedAsync();
        middle.Open();

        Assert.Equal("Once upon", (await hearing.AnswerAsync()).Text());
    }

    private static void AssertEnd(IReadOnlyCollection<Said> answer, bool tellsReason = true)
    {
        if (tellsReason) Assert.Equal("stop", Assert.Single(answer.Select(said => said.Reason?.ToLowerInvariant()).Where(reason => reason is not null).Distinct()));
        Assert.Equal(new Count(3, 4, 7), Assert.Single(answer, said => said.Usage is not null).Usage);
    }
}
