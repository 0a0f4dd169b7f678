using ActorAgents.Testing;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Tests.Queues;

/// <summary><see cref="AgentBuilder.ForgetAfter"/>, by virtual actor timers.</summary>
public sealed class ForgettingTests : IAsyncLifetime
{
    private readonly VirtualTime _time = new();
    private readonly Gate _silent = new();
    private readonly ScriptedProvider _provider;
    private IHost _host = null!;
    private IAgents _agents = null!;

    public ForgettingTests() => _provider = new ScriptedProvider(request => request.Prompt == "slow" ? Script.Stall(_silent).Text("A") : Script.Text("A"));

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging().AddActorAgents(
            agents => agents.AddProvider("default", _provider).AddAgent("writer", a => a.ForgetAfter(TimeSpan.FromHours(1))).AddAgent("keeper"),
            (akka, _) => akka.AddHocon(VirtualTime.Configuration, HoconAddMode.Prepend));
        _host = builder.Build();
        await _host.StartAsync();
        _agents = _host.Services.GetRequiredService<IAgents>();
        _time.Attach(_host.Services.GetRequiredService<ActorSystem>());
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task An_idle_agent_is_removed_and_starts_fresh()
    {
        var agent = _agents["writer", "1"];
        await agent.RunAsync("before");
        Assert.Equal(2, (await agent.GetMessagesAsync()).Count); // By then it has begun to wait.
        var actor = await ActorAsync("1");

        _time.Advance(TimeSpan.FromHours(1.1));

        Assert.True(await actor.WatchAsync());
        Assert.Empty(await agent.GetMessagesAsync());
        await agent.RunAsync("after");
        Assert.Equal(["user: after", "assistant: A"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task A_running_turn_is_not_idle()
    {
        var agent = _agents["writer", "1"];
        await agent.RunAsync("before");
        var turn = await agent.StartAsync("slow");
        await _silent.ReachedAsync();

        _time.Advance(TimeSpan.FromHours(5));

        Assert.Equal(3, (await agent.GetMessagesAsync()).Count);
        _silent.Open();
        await using var reader = turn.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(4, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task Each_turn_begins_the_time_anew()
    {
        var agent = _agents["writer", "1"];
        for (var i = 1; i <= 3; i++)
        {
            await agent.RunAsync("go");
            Assert.Equal(2 * i, (await agent.GetMessagesAsync()).Count);
            _time.Advance(TimeSpan.FromMinutes(50));
        }
        Assert.Equal(6, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task A_turn_may_say_how_long_its_agent_stays()
    {
        var agent = _agents["keeper", "1"];
        await agent.RunAsync("go", new TurnOptions { ForgetAfter = TimeSpan.FromHours(1) });
        Assert.Equal(2, (await agent.GetMessagesAsync()).Count);
        var actor = await ActorAsync("1", "keeper");

        _time.Advance(TimeSpan.FromHours(1.1));

        Assert.True(await actor.WatchAsync());
    }

    [Fact]
    public async Task The_last_turn_decides_how_long_its_agent_stays()
    {
        var agent = _agents["keeper", "1"];
        await agent.RunAsync("go", new TurnOptions { ForgetAfter = TimeSpan.FromHours(1) });
        await agent.RunAsync("go");
        Assert.Equal(4, (await agent.GetMessagesAsync()).Count);

        _time.Advance(TimeSpan.FromHours(50));

        Assert.Equal(4, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task An_agent_whose_only_input_was_refused_goes_with_it()
    {
        await Assert.ThrowsAsync<TurnOvertakenException>(() => _agents["keeper", "1"].RunAsync("go", new TurnOptions { Follows = new TurnId("never") }));

        await IsGoneAsync("keeper");
    }

    [Fact]
    public async Task An_agent_whose_only_input_was_stopped_on_its_way_goes_with_it()
    {
        var options = new TurnOptions { ForgetAfter = TimeSpan.FromHours(1) };
        await foreach (var next in _agents["keeper", "1"].EventsAsync("go", options, new CancellationToken(true))) Assert.IsType<TurnInterrupted>(next);

        await IsGoneAsync("keeper");
    }

    [Fact]
    public async Task A_refused_input_says_nothing_of_how_long_its_agent_stays()
    {
        var agent = _agents["keeper", "1"];
        await agent.RunAsync("go");
        await Assert.ThrowsAsync<TurnOvertakenException>(
            () => agent.RunAsync("go", new TurnOptions { Follows = new TurnId("never"), ForgetAfter = TimeSpan.FromHours(1) }));
        await agent.GetMessagesAsync(); // By then it would wait.

        _time.Advance(TimeSpan.FromHours(50));

        Assert.Equal(2, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task An_agent_that_was_given_a_tool_stays_whatever_it_refuses()
    {
        var agent = _agents["keeper", "1"];
        await agent.AddToolAsync(AIFunctionFactory.Create(() => 1, "one"));
        await Assert.ThrowsAsync<TurnOvertakenException>(() => agent.RunAsync("go", new TurnOptions { Follows = new TurnId("never") }));

        Assert.True(await agent.RemoveToolAsync("one"));
    }

    [Fact]
    public async Task An_agent_is_removed_for_one_turn_only_if_it_has_no_other()
    {
        var agent = _agents["keeper", "1"];
        var running = await agent.StartAsync("slow");
        await _silent.ReachedAsync();
        var waiting = await agent.StartAsync("go");

        Assert.False(await agent.RemoveIfOnlyAsync(running.Id));
        Assert.False(await agent.RemoveIfOnlyAsync(waiting.Id));
        Assert.False(await agent.RemoveIfIdleAsync());
        await waiting.InterruptAsync();
        Assert.False(await agent.RemoveIfOnlyAsync(waiting.Id));
        Assert.True(await agent.RemoveIfOnlyAsync(running.Id));
        await agent.WhenEndedAsync(running.Id);
        Assert.Empty(await agent.GetMessagesAsync());
        Assert.False(await agent.RemoveIfOnlyAsync(running.Id));
    }

    [Fact]
    public async Task An_idle_agent_can_be_removed_as_such()
    {
        var agent = _agents["keeper", "1"];
        await agent.RunAsync("go");

        Assert.True(await agent.RemoveIfIdleAsync());
        Assert.Empty(await agent.GetMessagesAsync());
        Assert.True(await agent.RemoveIfIdleAsync());
    }

    /// <summary>A question that comes while an agent goes is answered once it has.</summary>
    private async Task IsGoneAsync(string kind)
    {
        for (var i = 0; i < 2; i++) await _agents[kind, "1"].GetMessagesAsync();
        Assert.Equal(0, _agents.Status.Agents);
    }

    private Task<IActorRef> ActorAsync(string key, string kind = "writer") =>
        _host.Services.GetRequiredService<ActorSystem>().ActorSelection($"/user/agents/*/default:{kind}:{key}").ResolveOne(TimeSpan.FromSeconds(30));
}
