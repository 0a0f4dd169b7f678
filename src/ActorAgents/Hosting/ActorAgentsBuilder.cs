using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Collects providers, tools and agents. Mistakes are reported together when the runtime starts, each with its name.</summary>
public sealed class ActorAgentsBuilder
{
    internal List<ProviderRegistration> Providers { get; } = [];
    internal List<ToolRegistration> Tools { get; } = [];
    internal List<ToolSourceRegistration> ToolSources { get; } = [];
    internal List<AgentDefinition> Definitions { get; } = [];
    internal int? LiveTurnBound { get; private set; }
    internal bool SensitiveTelemetry { get; private set; }
    internal TimeProvider Time { get; private set; } = TimeProvider.System;

    /// <summary>Registers a provider under a name. The client is shared by all turns; one that a factory made is disposed when the runtime has stopped.</summary>
    public ActorAgentsBuilder AddProvider(string name, Func<IServiceProvider, IChatClient> client, Action<ProviderBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddProvider(name, new Factory<IChatClient>(client, Owned: true), configure);
    }

    /// <inheritdoc cref="AddProvider(string, Func{IServiceProvider, IChatClient}, Action{ProviderBuilder})"/>
    public ActorAgentsBuilder AddProvider(string name, IChatClient client, Action<ProviderBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddProvider(name, new Factory<IChatClient>(_ => client, Owned: false), configure);
    }

    /// <summary>Registers a tool under the name by which definitions refer to it and models call it.</summary>
    public ActorAgentsBuilder AddTool(string name, Func<IServiceProvider, AITool> tool)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tool);
        Tools.Add(new ToolRegistration(name, new(tool, Owned: false)));
        return this;
    }

    /// <inheritdoc cref="AddTool(string, Func{IServiceProvider, AITool})"/>
    public ActorAgentsBuilder AddTool(string name, AITool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return AddTool(name, _ => tool);
    }

    /// <summary>Registers tools that are only known while the runtime runs. One source serves all agents that name it; one that a factory made is disposed when the runtime has stopped.</summary>
    public ActorAgentsBuilder AddToolSource(string name, Func<IServiceProvider, IToolSource> source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        ToolSources.Add(new ToolSourceRegistration(name, new(source, Owned: true)));
        return this;
    }

    /// <inheritdoc cref="AddToolSource(string, Func{IServiceProvider, IToolSource})"/>
    public ActorAgentsBuilder AddToolSource(string name, IToolSource source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        ToolSources.Add(new ToolSourceRegistration(name, new(_ => source, Owned: false)));
        return this;
    }

    /// <summary>Defines a kind of agents.</summary>
    public ActorAgentsBuilder AddAgent(string kind, Action<AgentBuilder>? configure = null)
    {
        var agent = new AgentBuilder(kind);
        configure?.Invoke(agent);
        return AddAgent(agent.Definition);
    }

    /// <summary>Defines a kind of agents.</summary>
    public ActorAgentsBuilder AddAgent(AgentDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definitions.Add(definition);
        return this;
    }

    /// <summary>How many turns this node runs at once; more wait, first in, first out. Without it there is no bound.</summary>
    public ActorAgentsBuilder WithMaxLiveTurns(int turns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        LiveTurnBound = turns;
        return this;
    }

    /// <summary>The clock of the limits, retries and timestamps of turns and logs. The system's unless given. What actors wait for, <see cref="AgentDefinition.ForgetAfter"/> and <see cref="AgentLimits.ToolGrace"/>, is timed by the actor system's scheduler.</summary>
    public ActorAgentsBuilder WithTimeProvider(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        return this;
    }

    /// <summary>Lets spans carry prompts, answers, arguments and results, as OpenTelemetry's GenAI conventions name them. They may hold what nobody but the user should read: off unless called.</summary>
    public ActorAgentsBuilder WithSensitiveTelemetry()
    {
        SensitiveTelemetry = true;
        return this;
    }

    private ActorAgentsBuilder AddProvider(string name, Factory<IChatClient> client, Action<ProviderBuilder>? configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var provider = new ProviderBuilder();
        configure?.Invoke(provider);
        Providers.Add(provider.Build(name, client));
        return this;
    }
}

/// <summary>What a provider can do, where it does not show it itself.</summary>
public sealed class ProviderBuilder
{
    private bool _streams = true, _tools = true, _finishReason = true, _onThreadPool, _continues;
    private string? _model;
    private Func<Exception, TurnError?>? _classify;
    private string[] _fallback = [];

    /// <summary>Whether it streams. A provider that does not is asked for whole answers where a call allows that.</summary>
    public ProviderBuilder Streams(bool streams) { _streams = streams; return this; }

    /// <summary>Whether tools are offered to it.</summary>
    public ProviderBuilder Tools(bool tools) { _tools = tools; return this; }

    /// <summary>The model it uses when a request names none; shown in <see cref="ProviderInfo"/>.</summary>
    public ProviderBuilder Model(string model) { _model = model; return this; }

    /// <summary>It never sends a finish reason, so a stream that ends without one counts as complete in place of truncated.</summary>
    public ProviderBuilder WithoutFinishReason() { _finishReason = false; return this; }

    /// <summary>It blocks its caller's thread; each pull is made on the thread pool so that it stalls nobody else.</summary>
    public ProviderBuilder OnThreadPool() { _onThreadPool = true; return this; }

    /// <summary>
    /// A request whose last message is the beginning of the assistant's answer is answered with the rest of it: a durable turn that was cut goes on in mid-sentence then, in
    /// place of a new answer to the step. Not every model does that; those that do name it prefill or continuation.
    /// </summary>
    public ProviderBuilder ContinuesText() { _continues = true; return this; }

    /// <summary>Tells what its exceptions mean. Null leaves the judgement to the general rules.</summary>
    public ProviderBuilder Classify(Func<Exception, TurnError?> classify) { _classify = classify; return this; }

    /// <summary>
    /// Registered providers that are asked, in this order, when a request fails before its first piece. They are asked at once; a retry, which waits,
    /// repeats the whole row. What any provider would refuse (an invalid or too long request, filtered content) is not passed on, nor is a
    /// conversation that this provider keeps (<see cref="ChatOptions.ConversationId"/>). The others answer with the models of their own.
    /// </summary>
    public ProviderBuilder WithFallback(params string[] names) { _fallback = names; return this; }

    internal ProviderRegistration Build(string name, Factory<IChatClient> client) =>
        new(name, client, _streams, _tools, _finishReason, _onThreadPool, _continues, _model, _classify, _fallback);
}

/// <summary>Writes an <see cref="AgentDefinition"/>.</summary>
public sealed class AgentBuilder
{
    internal AgentBuilder(string kind) => Definition = new AgentDefinition { Kind = kind };

    internal AgentDefinition Definition { get; private set; }

    public AgentBuilder WithDescription(string description) => Set(Definition with { Description = description });

    /// <summary>The system part of each request.</summary>
    public AgentBuilder WithInstructions(string instructions) => Set(Definition with { Instructions = instructions });

    /// <summary>The name of a registered provider; <c>default</c> unless given.</summary>
    public AgentBuilder WithProvider(string name) => Set(Definition with { Provider = name });

    /// <summary>The model, where the provider has several.</summary>
    public AgentBuilder WithModel(string model) => WithChatOptions(o => o.ModelId = model);

    /// <summary>Offers a registered tool.</summary>
    public AgentBuilder WithTool(string name) => Set(Definition with { Tools = [.. Definition.Tools, name] });

    /// <summary>Offers a tool that only this kind has.</summary>
    public AgentBuilder WithTool(AITool tool) => WithChatOptions(o => o.Tools = [.. o.Tools ?? [], tool]);

    /// <summary>Offers the tools of a registered source, as each turn finds them when it begins.</summary>
    public AgentBuilder WithToolSource(string name) => Set(Definition with { ToolSources = [.. Definition.ToolSources, name] });

    /// <summary>Changes the options of every request.</summary>
    public AgentBuilder WithChatOptions(Action<ChatOptions> change)
    {
        var chat = Definition.Chat?.Clone() ?? new ChatOptions();
        change(chat);
        return Set(Definition with { Chat = chat });
    }

    /// <summary>Changes the bounds: <c>l => l with { MaxToolRounds = 5 }</c>.</summary>
    public AgentBuilder WithLimits(Func<AgentLimits, AgentLimits> change) => Set(Definition with { Limits = change(Definition.Limits) });

    /// <summary>What happens to inputs that arrive while the agent is busy; they queue unless given.</summary>
    public AgentBuilder OnBusy(BusyPolicy policy) => Set(Definition with { OnBusy = policy });

    /// <summary>Removes an agent, with its conversation, that had no turn for this long.</summary>
    public AgentBuilder ForgetAfter(TimeSpan idle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idle, TimeSpan.Zero);
        return Set(Definition with { ForgetAfter = idle });
    }

    /// <summary>Keeps agents of this kind in a journal.</summary>
    public AgentBuilder WithDurability(Durability durability, TurnRecovery recovery = TurnRecovery.Resume) => Set(Definition with { Durability = durability, Recovery = recovery });

    /// <summary>How long the events of an ended turn can be read again.</summary>
    public AgentBuilder KeepTurnsFor(TimeSpan time) => Set(Definition with { KeepTurnsFor = time });

    /// <summary>Shows the model the message of a tool's exception. It may hold secrets.</summary>
    public AgentBuilder WithDetailedToolErrors() => Set(Definition with { DetailedToolErrors = true });

    /// <summary>Ends the turn when the model calls a tool that does not exist, handing the call to the caller.</summary>
    public AgentBuilder EndOnUnknownTool() => Set(Definition with { EndOnUnknownTool = true });

    private AgentBuilder Set(AgentDefinition definition)
    {
        Definition = definition;
        return this;
    }
}

internal sealed record ProviderRegistration(
    string Name, Factory<IChatClient> Client, bool Streams, bool Tools, bool SendsFinishReason, bool OnThreadPool, bool ContinuesText,
    string? Model, Func<Exception, TurnError?>? Classify, IReadOnlyList<string> Fallback);

internal sealed record ToolRegistration(string Name, Factory<AITool> Tool);

internal sealed record ToolSourceRegistration(string Name, Factory<IToolSource> Source);

/// <summary>Makes something once, when the runtime starts.</summary>
/// <param name="Owned">What it makes is the runtime's, to be disposed when it stops.</param>
internal sealed record Factory<T>(Func<IServiceProvider, T> Make, bool Owned);
