using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What all agents of a kind have in common. Immutable.</summary>
public sealed record AgentDefinition
{
    public required string Kind { get; init; }
    public string Description { get; init; } = "";

    /// <summary>The system part of each request.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>The name of a registered provider.</summary>
    public string Provider { get; init; } = "default";

    /// <summary>Names of registered tools, in the order in which they are offered.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Names of registered tool sources. Their tools are offered after all others; of two with one name the first is offered.</summary>
    public IReadOnlyList<string> ToolSources { get; init; } = [];

    /// <summary>Options of every request: model, temperature, tool mode … Its tools are offered after the named ones. Not to be changed once given.</summary>
    public ChatOptions? Chat { get; init; }

    public AgentLimits Limits { get; init; } = AgentLimits.Default;
    public BusyPolicy OnBusy { get; init; } = BusyPolicy.Queue;

    /// <summary>An idle agent without a turn for this long is removed with its conversation; of a durable one the time in earlier processes counts. Absent means it stays until removed.</summary>
    public TimeSpan? ForgetAfter { get; init; }

    /// <summary>What outlives the process. Anything but <see cref="ActorAgents.Durability.None"/> needs a journal (package ActorAgents.Cluster).</summary>
    public Durability Durability { get; init; }

    /// <summary>What becomes of a durable agent's running turn after a crash.</summary>
    public TurnRecovery Recovery { get; init; }

    /// <summary>How often one turn is resumed at most; one that brings down its process each time is closed then.</summary>
    public int MaxResumptions { get; init; } = 3;

    /// <summary>How long the events of an ended turn can be read again, of a durable agent's also after a restart.</summary>
    public TimeSpan KeepTurnsFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A tool that throws shows its exception's message to the model. Off: it may hold secrets.</summary>
    public bool DetailedToolErrors { get; init; }

    /// <summary>A call of an unknown tool ends the turn with the call open, in place of an error result.</summary>
    public bool EndOnUnknownTool { get; init; }
}
