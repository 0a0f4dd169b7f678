using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Turns;

/// <summary>What one call may set for itself.</summary>
public sealed class PerCallTests
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Always("""{"city":"Riga","degrees":18}""");

    [Theory, EveryWayOut, Trait("Behaviour", "T27")]
    public async Task Chat_options_of_a_call_are_laid_over_the_agents_for_this_turn_only(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(_provider, a => a.WithModel("large").WithChatOptions(o => (o.Temperature, o.TopP) = (0.1f, 0.9f)));
        var agent = runtime.Agents["writer", "1"];
        var options = new TurnOptions { Chat = new() { Temperature = 0.8f, MaxOutputTokens = 99, ModelId = "small" } };

        await runtime.ReadAllAsync(way, agent, "Hi", options);
        await runtime.ReadAllAsync(way, agent, "Hi");

        var (first, second) = (_provider.Requests[0].Options!, _provider.Requests[1].Options!);
        Assert.Equal((0.8f, 99, "small", 0.9f), (first.Temperature, first.MaxOutputTokens, first.ModelId, first.TopP));
        Assert.Equal((0.1f, null, "large", 0.9f), (second.Temperature, second.MaxOutputTokens, second.ModelId, second.TopP));
        Assert.Equal((0.1f, "large"), (agent.Definition.Chat!.Temperature, agent.Definition.Chat.ModelId));
        Assert.Null(options.Chat.TopP);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T28")]
    public async Task Context_is_part_of_this_requests_system_message_only(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(_provider, a => a.WithInstructions("Be brief."));
        var agent = runtime.Agents["writer", "1"];

        await runtime.ReadAllAsync(way, agent, "Hi", new TurnOptions { Context = [new("user", "Ana"), new("city", "Riga")] });
        await runtime.ReadAllAsync(way, agent, "Hi");

        Assert.Equal("system: Be brief.\n\nuser: Ana\ncity: Riga", _provider.Requests[0].Messages.Lines().First());
        Assert.Equal("system: Be brief.", _provider.Requests[1].Messages.Lines().First());
        Assert.DoesNotContain((await agent.GetMessagesAsync()).Lines(), line => line.Contains("Ana"));
    }

    [Fact, Trait("Behaviour", "T28")]
    public async Task Context_of_an_agent_without_instructions_is_the_whole_system_message()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);

        await runtime.Agents["writer", "1"].RunAsync("Hi", new TurnOptions { Context = [new("user", "Ana")] });

        Assert.Equal(["system: user: Ana", "user: Hi"], _provider.Requests[0].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T28")]
    public async Task Context_is_in_every_request_of_its_turn()
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("Done."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(new ScriptedTool("look")));

        await runtime.Agents["writer", "1"].RunAsync("Hi", new TurnOptions { Context = [new("user", "Ana")] });

        Assert.All(provider.Requests, request => Assert.Equal("system: user: Ana", request.Messages.Lines().First()));
    }

    [Fact, Trait("Behaviour", "T27")]
    public async Task A_typed_answer_is_asked_for_by_its_schema_and_read()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);

        var answer = await runtime.Agents["writer", "1"].RunAsync<Weather>("Hi", new TurnOptions { Chat = new() { Temperature = 0.5f } });

        Assert.Equal(new Weather("Riga", 18), answer.Result);
        Assert.Equal("""{"city":"Riga","degrees":18}""", answer.Response.Content);
        var options = _provider.Requests[0].Options!;
        Assert.Contains("degrees", Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).Schema.ToString());
        Assert.Equal(0.5f, options.Temperature);
    }

    [Fact]
    public async Task An_answer_that_is_not_of_the_type_fails_and_is_kept()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("18 degrees"));
        var agent = runtime.Agents["writer", "1"];

        await Assert.ThrowsAsync<JsonException>(() => agent.RunAsync<Weather>("Hi"));

        Assert.Equal(["user: Hi", "assistant: 18 degrees"], (await agent.GetMessagesAsync()).Lines());
    }

    private sealed record Weather(string City, int Degrees);
}
