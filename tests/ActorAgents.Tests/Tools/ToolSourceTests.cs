using ActorAgents.Testing;
using ActorAgents.Tests.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Tools;

/// <summary>Tools that are only known when a turn begins.</summary>
public sealed class ToolSourceTests
{
    private readonly Source _source = new();

    [Theory, EveryWayOut]
    public async Task A_turn_is_offered_what_its_source_has_and_may_call_it(WayOut way)
    {
        var add = new ScriptedTool("add", _ => "3");
        _source.Tools = [add];
        var provider = new ScriptedProvider(Script.Call("add"), "Three.");
        await using var runtime = await StartAsync(provider, agent => agent.WithTool(new ScriptedTool("own")));

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "1 + 2?");

        Assert.Equal("Three.", events.Text());
        Assert.Equal("3", events.OfType<ToolFinished>().Single().Result);
        Assert.All(provider.Requests, request => Assert.Equal(["own", "add"], request.Tools));
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task A_list_that_changed_holds_from_the_next_turn_on()
    {
        _source.Tools = [new ScriptedTool("a")];
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("first");

        _source.Tools = [new ScriptedTool("a"), new ScriptedTool("b")];
        await agent.RunAsync("second");

        Assert.Equal([["a"], ["a", "b"]], provider.Requests.Select(request => request.Tools));
    }

    [Theory, EveryWayOut]
    public async Task A_turn_waits_for_its_tools_and_can_be_interrupted_meanwhile(WayOut way)
    {
        var slow = new Gate();
        _source.Gate = slow;
        await using var one = await OneAgent.StartAsync(way, new ScriptedProvider(), agent => agent.WithToolSource("source"), source: _source);
        await using var probe = one.Probe("go");
        Assert.IsType<TurnStarted>(await probe.NextAsync());
        var end = probe.EndAsync<TurnInterrupted>();
        await slow.ReachedAsync();

        Assert.True(await one.InterruptAsync());

        Assert.Equal(InterruptReason.User, (await end).Reason);
        await _source.CancelledAsync();
    }

    [Theory, EveryWayOut]
    public async Task It_goes_on_once_they_come(WayOut way)
    {
        var slow = new Gate();
        (_source.Gate, _source.Tools) = (slow, [new ScriptedTool("a")]);
        var provider = ScriptedProvider.Always("Yes.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithToolSource("source"), source: _source);
        var reading = one.ReadAllAsync("go");
        await slow.ReachedAsync();
        Assert.Equal(0, provider.CallsStarted);

        slow.Open();

        Assert.Equal("Yes.", (await reading).Text());
        Assert.Equal(["a"], provider.Requests.Single().Tools);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_source_that_fails_costs_the_turn_its_tools_and_nothing_else(bool atOnce)
    {
        _source.Failure = new IOException("the server is gone");
        if (!atOnce) { _source.Gate = new Gate(); _source.Gate.Open(); }
        var logs = new CapturedLogs();
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await StartAsync(provider, agent => agent.WithTool(new ScriptedTool("own")), logs);

        Assert.Equal("Yes.", (await runtime.Agents["writer", "1"].RunAsync("go")).Content);

        Assert.Equal(["own"], provider.Requests.Single().Tools);
        var line = Assert.Single(logs.Lines, line => line.Exception == _source.Failure);
        Assert.Equal((LogLevel.Warning, "source"), (line.Level, line.Facts["Source"]));
    }

    [Fact]
    public async Task Of_two_tools_with_one_name_the_agents_own_is_offered()
    {
        var own = new ScriptedTool("same", _ => "own");
        _source.Tools = [new ScriptedTool("same", _ => "other"), new ScriptedTool("further")];
        var logs = new CapturedLogs();
        var provider = new ScriptedProvider(Script.Call("same"), "Done.");
        await using var runtime = await StartAsync(provider, agent => agent.WithTool(own), logs);

        await runtime.Agents["writer", "1"].RunAsync("go");

        Assert.Equal(1, own.Started);
        Assert.Equal(["same", "further"], provider.Requests[0].Tools);
        Assert.Contains(logs.Lines, line => line.Level == LogLevel.Warning && "same".Equals(line.Facts.GetValueOrDefault("Tool")));
    }

    [Fact]
    public async Task Without_tools_a_request_has_no_list_of_them()
    {
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await StartAsync(provider);

        await runtime.Agents["writer", "1"].RunAsync("go");

        Assert.Null(provider.Requests.Single().Options?.Tools);
    }

    [Fact]
    public async Task A_source_that_is_not_registered_is_a_mistake_at_the_start()
    {
        var mistake = await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(builder => builder
            .AddProvider("default", new ScriptedProvider())
            .AddToolSource("source", _source)
            .AddAgent("writer", agent => agent.WithToolSource("sauce"))));

        Assert.Contains("Agent 'writer' uses tool source 'sauce', which is not registered. Tool sources: source.", mistake.Message);
    }

    [Fact]
    public async Task What_a_factory_made_is_disposed_with_the_runtime_and_what_was_given_is_not()
    {
        Source made = new(), given = new();
        Client madeClient = new(), givenClient = new();
        var runtime = await AgentRuntime.StartAsync(builder => builder
            .AddProvider("default", _ => madeClient).AddProvider("given", givenClient)
            .AddToolSource("made", _ => made).AddToolSource("given", given)
            .AddAgent("writer"));
        Assert.False(made.IsDisposed || madeClient.IsDisposed);

        await runtime.DisposeAsync();

        Assert.True(made.IsDisposed && madeClient.IsDisposed);
        Assert.False(given.IsDisposed || givenClient.IsDisposed);
    }

    [Fact]
    public async Task What_factories_made_is_disposed_when_the_start_fails()
    {
        Source made = new();
        Client madeClient = new();

        await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(builder => builder
            .AddProvider("default", _ => madeClient)
            .AddToolSource("made", _ => made)
            .AddAgent("writer", agent => agent.WithProvider("missing"))));

        Assert.True(made.IsDisposed && madeClient.IsDisposed);
    }

    [Fact]
    public async Task A_source_that_throws_when_its_turn_ends_early_harms_nobody()
    {
        var logs = new CapturedLogs();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var runtime = await AgentRuntime.StartAsync(
            builder => builder.AddProvider("default", new ScriptedProvider()).AddToolSource("source", new Thrower(asked)).AddAgent("writer", agent => agent.WithToolSource("source")),
            logs.AddTo);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        await asked.Task;

        await turn.InterruptAsync();

        Assert.IsType<TurnInterrupted>((await turn.ReadAsync().ToListAsync())[^1]);
        while (!logs.Lines.Any(line => line.Exception?.InnerException?.Message == "not now")) await Task.Yield(); // Logged on the thread pool.
    }

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<AgentBuilder>? more = null, CapturedLogs? logs = null) => AgentRuntime.StartAsync(
        builder => builder.AddProvider("default", provider).AddToolSource("source", _source).AddAgent("writer", agent =>
        {
            agent.WithToolSource("source");
            more?.Invoke(agent);
        }),
        services => logs?.AddTo(services));

    private sealed class Source : IToolSource, IAsyncDisposable
    {
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public IReadOnlyList<AITool> Tools { get; set; } = [];
        public Gate? Gate { get; set; }
        public Exception? Failure { get; set; }
        public bool IsDisposed { get; private set; }
        public int Asked => Volatile.Read(ref _asked);

        public Task CancelledAsync() => _cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            if (Gate is null) return Failure is null ? new(Tools) : throw Failure;
            return new(WaitAsync(Gate, cancellationToken));
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }

        private async Task<IReadOnlyList<AITool>> WaitAsync(Gate gate, CancellationToken cancellationToken)
        {
            try { await gate.WaitAsync(cancellationToken); }
            catch (OperationCanceledException) { _cancelled.TrySetResult(); throw; }
            return Failure is null ? Tools : throw Failure;
        }
    }

    private sealed class Thrower(TaskCompletionSource asked) : IToolSource
    {
        public ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken)
        {
            cancellationToken.Register(() => throw new InvalidOperationException("not now"));
            asked.SetResult();
            return new(new TaskCompletionSource<IReadOnlyList<AITool>>().Task);
        }
    }

    private sealed class Client() : DelegatingChatClient(new ScriptedProvider())
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing) => IsDisposed = true;
    }
}
