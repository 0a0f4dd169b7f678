using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorAgents;

/// <summary>What all agents of this process share: kinds, providers, tools, the clock, the live turns, the halts and the logs.</summary>
internal sealed class AgentNode : IDisposable
{
    private const int Parents = 1024; // About a thousand agents each when there are a million: creation is fastest there.

    // Agents answer within microseconds; this only keeps a question to a stopped system from hanging.
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a stop waits for the turns to end, once for all who stop. It takes them an instant; longer takes only one whose provider blocks the thread that
    /// reads it, and whoever stops has other things to do in the time they have: less than Akka's phases of 5 s.
    /// </summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(3);

    private readonly Lazy<Task> _turnsEnd;
    private IActorRef[] _parents = []; // Of agents that live here and nowhere else.
    private IActorRef[] _buckets = []; // Of durable ones.
    private IPlacement? _placement;
    private long _agents;
    private long _queuedInputs;
    private volatile bool _stopping;
    private volatile bool _hasEnded;
    private volatile bool _stopped;

    private AgentNode(AgentCatalog catalog, IServiceProvider services, TimeProvider time, int? liveTurnBound, int toolThreads, ILoggerFactory loggers)
    {
        (Catalog, Services, Time) = (catalog, services, time);
        var logger = loggers.CreateLogger("ActorAgents");
        Log = new RuntimeLog(logger);
        AbandonedCalls = new CallCounter(logger);
        AbandonedTools = new CallCounter(logger);
        Live = new LiveTurns(time, liveTurnBound);
        ToolThreads = new ToolThreads(toolThreads);
        Logs = new TurnLogs(time);
        _turnsEnd = new(EndTurnsAsync);
    }

    public static async Task<AgentNode> StartAsync(
        ActorSystem system, AgentCatalog catalog, IServiceProvider services, TimeProvider time, int? liveTurnBound, ILoggerFactory loggers)
    {
        var threads = system.Settings.Config.GetInt("actoragents.tool-threads");
        if (threads < 1) throw new AgentConfigurationException($"actoragents.tool-threads is {threads}; tools need at least 1 thread.");
        var node = new AgentNode(catalog, services, time, liveTurnBound, threads, loggers);
        try
        {
            node.Journals = system.Settings.Setup.Get<JournalsSetup>() is { HasValue: true } journals ? journals.Value.Journals : null;
            if (node.Journals is null && catalog.Definitions.Values.FirstOrDefault(definition => definition.Durability != Durability.None) is { } durable)
                throw new AgentConfigurationException($"Agents of kind '{durable.Kind}' are durable, and there is no journal: call WithDurableAgents(…) of the package ActorAgents.Cluster, or leave the durability out.");
            if (system.Settings.Setup.Get<HaltLedgerSetup>() is { HasValue: true, Value.Ledger: { } ledger }) node.Ledger = ledger;
            node.Ledger.Start(system, node);
            if (system.Settings.Setup.Get<PlacementSetup>() is { HasValue: true, Value.Placement: { } placement })
            {
                node._placement = placement; // Before: its buckets may start at once.
                await placement.StartAsync(system, bucket => AgentsActor.Props(node, bucket), () => node.Status).ConfigureAwait(false);
            }
            else if (node.Journals is not null)
                node._buckets = await ParentsAsync("durable-agents", Buckets.Count, bucket => AgentsActor.Props(node, bucket)).ConfigureAwait(false);
            node._parents = await ParentsAsync("agents", Parents, _ => AgentsActor.Props(node, null)).ConfigureAwait(false);
            await node.KnowHaltsAsync(system.Settings.Config.GetTimeSpan("actoragents.know-halts-within")).ConfigureAwait(false);
            RuntimeInstruments.Add(node);
            return node;

            Task<IActorRef[]> ParentsAsync(string name, int count, Func<int, Props> parent) =>
                system.ActorOf(AgentsRootActor.Props(count, parent), name).Ask<IActorRef[]>(new AgentsRootActor.GetParents(), AnswerWithin);
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    public AgentCatalog Catalog { get; }
    public IReadOnlyDictionary<string, AgentKind> Kinds => Catalog.Kinds;
    public IServiceProvider Services { get; }
    public TimeProvider Time { get; }
    public RuntimeLog Log { get; }
    public CallCounter AbandonedCalls { get; }
    public CallCounter AbandonedTools { get; }
    public ToolThreads ToolThreads { get; }
    public LiveTurns Live { get; }
    public HaltBook Halts { get; } = new();
    public IHaltLedger Ledger { get; private set; } = new MemoryHaltLedger();
    public TurnLogs Logs { get; }

    /// <summary>Where durable agents write; null when none is.</summary>
    public IJournals? Journals { get; private set; }

    /// <summary>Agents are on the nodes of a cluster; what is said to one finds it there.</summary>
    public bool IsPlaced => _placement is not null;

    /// <summary>Turns of this kind are made by their agent, who may be elsewhere, and are read by pulls.</summary>
    public bool RunsApart(AgentKind kind) => IsPlaced || kind.IsDurable;

    /// <summary>Whether spans carry what was said; set before the first turn.</summary>
    public bool SensitiveTelemetry { get; set; }

    public RuntimeStatus Status
    {
        get
        {
            var ended = Live.Ended;
            return new RuntimeStatus
            {
                IsReady = Halts.IsKnown && !_stopping,
                Agents = Interlocked.Read(ref _agents), LiveTurns = Live.Running, WaitingTurns = Live.Waiting, QueuedInputs = Interlocked.Read(ref _queuedInputs),
                Completed = ended.Completed, Interrupted = ended.Interrupted, Failed = ended.Failed,
                AbandonedCalls = AbandonedCalls.Current, AbandonedTools = AbandonedTools.Current,
            };
        }
    }

    /// <summary>Text chunks of all turns so far, the running ones included. Never falls.</summary>
    public long CountChunks()
    {
        var running = 0L;
        var ended = Live.Look(turn => running += turn.Chunks);
        return ended.Chunks + running;
    }

    public void AgentStarted() => Interlocked.Increment(ref _agents);

    public void AgentStopped() => Interlocked.Decrement(ref _agents);

    public void InputsQueued(int change) => Interlocked.Add(ref _queuedInputs, change);

    /// <summary>To an agent of this process alone.</summary>
    public void TellHere(in AgentId id, object message) => ParentHere(id).Tell(message, ActorRefs.NoSender);

    /// <summary>To an agent, in the name of somebody else.</summary>
    public void Forward(IAgentMessage message, IActorRef sender) => ParentOf(message.AgentId).Tell(message, sender);

    public void Tell(in AgentId id, object message) => ParentOf(id).Tell(message, ActorRefs.NoSender);

    /// <exception cref="RuntimeStoppedException">Nobody is left to answer.</exception>
    /// <exception cref="AgentUnreachableException">Nobody answered within 30 s.</exception>
    public async Task<T> AskAsync<T>(AgentId id, object message, CancellationToken cancellationToken)
    {
        try { return await AskAsync<T>(id, message, AnswerWithin, cancellationToken).ConfigureAwait(false); }
        catch (AskTimeoutException)
        {
            throw TurnException.From(new TurnError(TurnErrorKind.Unreachable, $"Agent {id} did not answer within {AnswerWithin.TotalSeconds} s. What it was asked to do may have been done."), "", default);
        }
    }

    /// <exception cref="RuntimeStoppedException">Nobody is left to answer.</exception>
    /// <exception cref="AskTimeoutException">Nobody answered in time.</exception>
    public Task<T> AskAsync<T>(in AgentId id, object message, TimeSpan within, CancellationToken cancellationToken) =>
        AskAsync<T>(_stopped ? null : ParentOf(id), message, within, cancellationToken);

    /// <inheritdoc cref="IAgents.PingAsync"/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        AskAsync<bool>(_stopped ? null : _parents[Random.Shared.Next(_parents.Length)], new AgentProtocol.Ping(), AnswerWithin, cancellationToken);

    private static Task<T> AskAsync<T>(IActorRef? parent, object message, TimeSpan within, CancellationToken cancellationToken)
    {
        if (parent is null) return Task.FromException<T>(TurnException.From(new TurnError(TurnErrorKind.Shutdown, "The runtime has stopped."), "", default));
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        return parent.AskAsync<T>(message, within, cancellationToken);
    }

    /// <summary>Set when the runtime takes no new input.</summary>
    public TurnError? Stopping => _stopping ? new TurnError(TurnErrorKind.Shutdown, "The runtime stops and takes no new input.") : null;

    /// <summary>Its turns have ended or gone elsewhere.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Why an input of this agent is not taken now; null when it is.</summary>
    public TurnError? RefusalFor(in AgentId id)
    {
        if (Stopping is { } stopping) return stopping;
        if (!Halts.IsKnown) return new TurnError(TurnErrorKind.Starting, "The runtime starts: it does not know yet which agents are halted. Try again soon.");
        if (Halts.Covering(id) is not { } halt) return null;
        return new TurnError(TurnErrorKind.Halted, $"Agent {id} is halted ({halt.Scope}): {halt.Reason}. Release halt {halt.Id} to go on.");
    }

    /// <summary>Makes the halts that stand those of this node. Lists may come in any order and more than once; the one of the highest epoch stays.</summary>
    /// <returns>How many turns each halt stopped that did not stand here before. They give nothing more; their ends follow.</returns>
    public IReadOnlyList<(HaltId Halt, int Stopped)> Obey(IReadOnlyList<Halt> standing, long epoch) => [.. Halts.Adopt(standing, epoch).Select(Obey)];

    private (HaltId, int) Obey(Halt halt)
    {
        var (stopped, ends) = StopTurnsOf(halt);
        ends.ContinueWith(static (ends, log) => ((RuntimeLog)log!).EndsThrew(ends.Exception!), Log, default, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return (halt.Id, stopped);
    }

    /// <summary>Stops what a halt covers. It is in the book: an input that arrives from now on is refused, one that came before is found here.</summary>
    /// <inheritdoc cref="LiveTurns.Stop"/>
    public (int Count, Task Ends) StopTurnsOf(Halt halt)
    {
        var stopped = Live.Stop(halt.Scope, InterruptReason.Halted);
        Log.Halted(halt.Id, halt.Scope, stopped.Count, halt.By);
        return stopped;
    }

    /// <summary>
    /// Hands to other nodes what they can go on with, then refuses new inputs, interrupts what runs or waits, and completes when all of it has ended or is given
    /// up. Asked again, it waits for the same end.
    /// </summary>
    public Task StopAsync() => _turnsEnd.Value;

    /// <summary>Waits for the list of halts, without which nothing begins. When nobody has it in time, the node starts all the same, and is not ready until it comes.</summary>
    private async Task KnowHaltsAsync(TimeSpan within)
    {
        try { await Halts.Known.WaitAsync(within).ConfigureAwait(false); }
        catch (TimeoutException) { Log.HaltsUnknown(within.TotalSeconds); }
    }

    private async Task EndTurnsAsync()
    {
        if (_placement is not null) await _placement.LeaveAsync().ConfigureAwait(false);
        _stopping = true;
        await Live.Stop(HaltScope.Cluster, InterruptReason.Shutdown).Ends.ConfigureAwait(false);
        using var late = new CancellationTokenSource(EndWithin);
        try { await Live.WhenEmptyAsync(late.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (late.IsCancellationRequested) { Log.TurnsStuck(Live.Known, EndWithin.TotalSeconds); }
        _hasEnded = true;
    }

    public void Dispose()
    {
        _stopped = true;
        RuntimeInstruments.Remove(this);
        Live.Dispose();
        ToolThreads.Dispose();
        Logs.Dispose();
    }

    private IActorRef ParentOf(in AgentId id) => _placement?.Agents ?? (_buckets.Length > 0 && Kinds[id.Kind].IsDurable ? _buckets[Buckets.NumberOf(id)] : ParentHere(id));

    private IActorRef ParentHere(in AgentId id) => _parents[(uint)id.GetHashCode() % (uint)_parents.Length];
}
