using Akka.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.RaceTests;

/// <summary>A runtime with a few hundred agents, and those who disturb them.</summary>
internal sealed class RaceWorld : IAsyncDisposable
{
    /// <summary>Longer than anything takes on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int Tenants = 8;

    private readonly AgentRuntime _runtime;
    private readonly int[] _removals;

    private RaceWorld(RaceBooks books, AgentRuntime runtime, int agents)
    {
        (Books, _runtime, _removals) = (books, runtime, new int[agents]);
        Materializer = runtime.System.Materializer();
        Node = runtime.Services.GetRequiredService<AgentsHost>().Node;
        Agents = [.. Enumerable.Range(0, agents).Select(n => runtime.Agents.For($"t{n % Tenants}")["racer", $"{n}"])];
    }

    public RaceBooks Books { get; }
    public Agent[] Agents { get; }
    public IMaterializer Materializer { get; }
    public AgentNode Node { get; }
    public bool Halts { get; private set; }
    public RuntimeStatus Status => _runtime.Agents.Status;

    public static async Task<RaceWorld> StartAsync(int agents, int? maxLiveTurns)
    {
        var books = new RaceBooks();
        var runtime = await AgentRuntime.StartAsync(builder =>
        {
            builder.AddProvider("default", new RaceProvider(books));
            builder.AddAgent("racer", agent =>
            {
                foreach (var tool in RaceTool.All(books)) agent.WithTool(tool);
                agent.WithLimits(limits => limits with
                {
                    MaxParallelTools = 2, MaxQueuedInputs = 64, HistoryTurns = 3, MaxToolRounds = 3, MaxConsecutiveFailingRounds = 1,
                    ToolGrace = TimeSpan.FromMilliseconds(20), ToolTimeout = Patience, TotalTimeout = Patience,
                    FirstTokenTimeout = Patience / 2, IdleTimeout = Patience / 2,
                });
            });
            if (maxLiveTurns is { } most) builder.WithMaxLiveTurns(most);
        }).ConfigureAwait(false);
        return new RaceWorld(books, runtime, agents);
    }

    /// <summary>How often the agent's removal began or ended so far.</summary>
    public int RemovalsOf(int agent) => Volatile.Read(ref _removals[agent]);

    /// <summary>Halts scopes and releases them, and removes agents, until cancelled.</summary>
    public async Task DisturbAsync(int seed, CancellationToken token)
    {
        var random = new Random(seed);
        Halts = true;
        while (!token.IsCancellationRequested)
        {
            await Task.Delay(random.Next(4, 16), CancellationToken.None).ConfigureAwait(false);
            var number = random.Next(Agents.Length);
            var id = Agents[number].Id;
            if (random.Next(8) == 0)
            {
                Interlocked.Increment(ref _removals[number]);
                await _runtime.Agents.RemoveAsync(id).ConfigureAwait(false);
                Interlocked.Increment(ref _removals[number]);
                continue;
            }
            var scope = random.Next(16) switch { < 10 => HaltScope.Agent(id), < 15 => HaltScope.TenantKind(id.Tenant, id.Kind), _ => HaltScope.Cluster };
            var halt = await _runtime.Agents.HaltAsync(scope, "Practice.").ConfigureAwait(false);
            if (random.Next(2) == 0) await Task.Yield();
            await _runtime.Agents.ReleaseAsync(halt.Id).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
