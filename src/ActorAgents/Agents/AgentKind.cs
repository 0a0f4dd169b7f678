using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>A definition with its provider and tools found. Shared by all agents of the kind.</summary>
internal sealed class AgentKind(int number, AgentDefinition definition, Provider provider, ToolSet tools, IReadOnlyList<IToolSource> toolSources)
{
    private readonly ChatMessage? _system = definition.Instructions.Length == 0 ? null : new ChatMessage(ChatRole.System, definition.Instructions);

    /// <summary>Counted from 0 among the kinds of the runtime.</summary>
    public int Number { get; } = number;
    public AgentDefinition Definition { get; } = definition;
    public bool IsDurable => Definition.Durability != Durability.None;
    public Provider Provider { get; } = provider;
    public ToolSet Tools { get; } = tools;
    public IReadOnlyList<IToolSource> ToolSources { get; } = toolSources;

    /// <summary>The system part of a request: the instructions, then a line for each fact of this turn.</summary>
    public ChatMessage? SystemMessage(IReadOnlyList<KeyValuePair<string, string>>? context)
    {
        if (context is not { Count: > 0 }) return _system;
        var facts = string.Join('\n', context.Select(fact => $"{fact.Key}: {fact.Value}"));
        return new ChatMessage(ChatRole.System, Definition.Instructions.Length == 0 ? facts : $"{Definition.Instructions}\n\n{facts}");
    }
}
