using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Logs;

public sealed class RetentionTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_finished_log_is_kept_for_five_minutes()
    {
        await using var runtime = await StartAsync();
        var agent = runtime.Agents["writer", "1"];
        await RunAsync(runtime, agent, "t");
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal("A", await ReadAsync(agent, "t"));

        _time.Advance(TimeSpan.FromMinutes(1));

        await GoneAsync(agent, "t");
    }

    [Fact]
    public async Task A_reader_that_has_begun_reads_on_when_the_log_is_no_longer_kept()
    {
        await using var runtime = await StartAsync();
        var agent = runtime.Agents["writer", "1"];
        await RunAsync(runtime, agent, "t");
        await using var reader = agent.Turn(new TurnId("t")).ReadAsync().Probe();
        await reader.NextAsync();

        _time.Advance(TimeSpan.FromMinutes(6));

        await reader.ReadEndAsync<TurnCompleted>();
    }

    [Fact]
    public async Task Of_an_agent_the_last_four_are_kept()
    {
        await using var runtime = await StartAsync();
        var (agent, other) = (runtime.Agents["writer", "1"], runtime.Agents["writer", "2"]);
        await RunAsync(runtime, other, "t0");
        for (var i = 0; i < 5; i++)
        {
            await RunAsync(runtime, agent, $"t{i}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await GoneAsync(agent, "t0");
        for (var i = 1; i < 5; i++) Assert.Equal("A", await ReadAsync(agent, $"t{i}"));
        Assert.Equal("A", await ReadAsync(other, "t0"));
    }

    [Fact]
    public async Task A_running_turn_does_not_count_and_is_kept_however_long_it_runs()
    {
        var provider = new ScriptedProvider(request => request.Prompt == "slow" ? Script.Text("A").Stall(_gate).Text("B") : Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with
        { IdleTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan }), more => more.WithTimeProvider(_time.Provider));
        var agent = runtime.Agents["writer", "1"];
        var slow = await agent.StartAsync("slow");
        await _gate.ReachedAsync();

        _time.Advance(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));

        await using var reader = slow.ReadAsync().Probe();
        await reader.ReadTextAsync("A");
        _gate.Open();
        await reader.ReadEndAsync<TurnCompleted>();
    }

    [Fact]
    public async Task A_turn_that_never_was_is_gone()
    {
        await using var runtime = await StartAsync();

        await GoneAsync(runtime.Agents["writer", "1"], "never");

        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task Attached_turns_leave_no_log()
    {
        await using var runtime = await StartAsync();
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("go", Called("t"));

        await GoneAsync(agent, "t");
    }

    [Fact]
    public async Task When_its_log_is_gone_the_id_is_still_remembered_by_the_conversation()
    {
        await using var runtime = await StartAsync();
        var agent = runtime.Agents["writer", "1"];
        await RunAsync(runtime, agent, "t");
        _time.Advance(TimeSpan.FromMinutes(6));

        await Assert.ThrowsAsync<DuplicateTurnException>(() => agent.StartAsync("go", Called("t")));
        await GoneAsync(agent, "t");
    }

    private readonly Gate _gate = new();

    private Task<AgentRuntime> StartAsync() =>
        WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("A")), more: more => more.WithTimeProvider(_time.Provider));

    private static Task RunAsync(AgentRuntime runtime, Agent agent, string id) => runtime.ReadAllAsync(WayOut.TurnLog, agent, "go", Called(id));

    private static async Task<string> ReadAsync(Agent agent, string id)
    {
        await using var reader = agent.Turn(new TurnId(id)).ReadAsync().Probe();
        return (await reader.ReadAllAsync()).Text();
    }

    private static async Task GoneAsync(Agent agent, string id)
    {
        await using var reader = agent.Turn(new TurnId(id)).ReadAsync().Probe();
        Assert.Equal(new TurnId(id), (await reader.ExpectFailureAsync<TurnGoneException>()).TurnId);
    }
}
