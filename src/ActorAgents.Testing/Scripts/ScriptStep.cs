using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

internal enum StepKind : byte
{
    /// <summary>Gives an update that every run shares.</summary>
    Give,
    /// <summary>Gives an update made for this run: clients mark calls as handled, and ids must not repeat within a conversation.</summary>
    Make,
    Throw,
    Stall,
    Block,
    Delay,
    Yield,
}

/// <summary>One thing that a script does. <see cref="Value"/>'s type follows from the kind.</summary>
internal readonly record struct ScriptStep(StepKind Kind, object? Value = null)
{
    public bool IsChunk => Kind is StepKind.Give or StepKind.Make;

    public static ScriptStep Give(ChatResponseUpdate update) => new(StepKind.Give, update);
    public static ScriptStep Give(params AIContent[] contents) => Give(new ChatResponseUpdate(ChatRole.Assistant, contents));
    public static ScriptStep Make(Func<RecordedRequest, AIContent> content) =>
        new(StepKind.Make, (RecordedRequest request) => new ChatResponseUpdate(ChatRole.Assistant, [content(request)]));
}
