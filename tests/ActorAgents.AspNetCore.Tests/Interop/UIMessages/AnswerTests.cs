using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class AnswerTests
{
    [InteropFact]
    public async Task Thoughts_and_text_come_in_the_providers_pieces_within_a_step_with_the_tokens_at_the_end()
    {
        var provider = new ScriptedProvider(Script.Reason("Let me ", "think.").Text("Once ", "upon\n", "a zażółć 😀").Usage(3, 4));
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server);

        Assert.Equal("ready", await page.SendAsync("hello"));

        Assert.Equal(
            ["start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-delta", "reasoning-end", "text-start", "text-delta", "text-delta", "text-delta", "text-end", "finish-step", "finish"],
            page.Types());
        var first = page.Said[0];
        Assert.Equal(("200", "v1", "text/event-stream"), (first.Of("status"), first.Of("version"), first.Of("type")));
        var messages = await page.MessagesAsync();
        Assert.Equal(["user", "assistant"], messages.Select(message => message.Of("role")));
        Assert.Equal("Once upon\na zażółć 😀", messages[1].Text());
        Assert.Equal(["step-start", "reasoning", "text"], messages[1].Parts().Select(part => part.Of("type")));
        Assert.All(messages[1].Parts().Skip(1), part => Assert.Equal("done", part.Of("state")));
        Assert.Equal("7", messages[1].GetProperty("metadata").GetProperty("usage").Of("totalTokens"));
        Assert.Equal("stop", page.Said.Single(said => said.TryGetProperty("finish", out _)).GetProperty("finish").Of("finishReason"));
        Assert.Equal("hello", provider.Requests[0].Prompt);
    }

    [InteropFact]
    public async Task The_agent_keeps_the_conversation_and_takes_only_what_is_new()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server);

        await page.SendAsync("one");
        await page.SendAsync("two");

        Assert.Equal(["one", "Hi.", "two"], provider.Requests[1].Messages.Select(message => message.Text));
        Assert.Equal(4, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
        Assert.Equal(4, (await page.MessagesAsync()).Count);
    }

    [InteropFact]
    public async Task Images_go_in_as_files_and_come_out_as_files()
    {
        byte[] picture = [1, 2, 3];
        var provider = new ScriptedProvider(Script.Text("See").Content(new DataContent(picture, "image/png"), new UriContent(new Uri("https://example.com/a.pdf"), "application/pdf"), new ErrorContent("I will not.")));
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "send", text = "look", image = true });
        await page.UntilAsync("idle");

        var asked = Assert.Single(provider.Requests[0].Messages[0].Contents.OfType<DataContent>());
        Assert.Equal("image/png", asked.MediaType);
        var answer = (await page.MessagesAsync())[1];
        Assert.Equal(["data:image/png;base64,AQID", "https://example.com/a.pdf"], answer.Parts().Where(part => part.Is("file")).Select(part => part.Of("url")));
        Assert.Equal("SeeI will not.", answer.Text());
    }

    [InteropFact]
    public async Task Another_kind_is_named_in_the_address_and_other_members_of_the_body_are_ignored()
    {
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider("Hi.")).AddAgent("assistant").AddAgent("writer"));
        using var page = ChatPage.Open(server, query: "agent=writer", body: new { model = "x", nested = new { deep = new object[] { 1, null! } } });

        Assert.Equal("ready", await page.SendAsync("hello"));

        Assert.Equal(2, (await server.Agents["writer", "ann"].GetMessagesAsync()).Count);
    }

    [InteropFact]
    public async Task Two_chats_at_once_do_not_mix()
    {
        var gates = new Dictionary<string, Gate> { ["a"] = new(), ["b"] = new() };
        var provider = new ScriptedProvider(request => Script.Text($"{request.Prompt} one, ").Stall(gates[request.Prompt]).Text($"{request.Prompt} two"));
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server.Address, chat: null);

        page.Do(new { @do = "send", chat = "a", text = "a" });
        await page.UntilChunkAsync("text-delta", "a");
        page.Do(new { @do = "send", chat = "b", text = "b" });
        await page.UntilChunkAsync("text-delta", "b");
        gates["b"].Open();
        await page.UntilAsync("idle", "b");
        gates["a"].Open();
        await page.UntilAsync("idle", "a");

        Assert.Equal("a one, a two", (await page.MessagesAsync("a"))[1].Text());
        Assert.Equal("b one, b two", (await page.MessagesAsync("b"))[1].Text());
    }

    [InteropFact]
    public async Task Keep_alives_before_and_within_an_answer_are_no_part_of_it()
    {
        var provider = new ScriptedProvider(Script.Stall(out var start).Text("Once ").Stall(out var middle).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, http => http.KeepAlive = TimeSpan.FromMilliseconds(20));
        Mark[] marks = [new(": keep"), new("Once"), new(": keep")];
        await using var proxy = new MarkedProxy(server.Address, marks);
        using var page = ChatPage.Open(proxy.Address);
        page.Do(new { @do = "send", text = "hello" });

        await marks[0].ReachedAsync();
        start.Open();
        await marks[2].ReachedAsync();
        middle.Open();
        await page.UntilAsync("idle");

        Assert.Equal("Once upon", (await page.MessagesAsync())[1].Text());
    }

    [InteropFact]
    public async Task A_key_of_the_server_is_the_clients_bearer_token()
    {
        var secret = ApiKey.NewSecret();
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider("Hi."), http => http.Keys.Add(new ApiKey("ann", ApiKey.Hash(secret), [ActorAgentsScopes.Chat])));

        using var stranger = ChatPage.Open(server, key: ApiKey.NewSecret());
        Assert.Equal("error", await stranger.SendAsync("hello"));
        Assert.Equal("401", stranger.Error().Of("status"));
        using var ann = ChatPage.Open(server, key: secret);

        Assert.Equal("ready", await ann.SendAsync("hello"));
    }
}
