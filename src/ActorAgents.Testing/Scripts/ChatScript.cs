using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>
/// What a <see cref="ScriptedProvider"/> answers to one request: chunks, and faults between them, in the order written. Immutable: each member returns a
/// longer script, so one may be the common beginning of several, and one script may answer any number of requests at once.
/// A script that does not say how it finishes ends with an update that carries a finish reason: tool calls if it made calls, else stop.
/// The updates of text and reasoning are made once and shared by all runs: readers must not change them.
/// </summary>
public sealed partial class ChatScript
{
    private readonly ScriptStep[] _steps;
    private ScriptStep[]? _program;

    internal ChatScript() => _steps = [];

    private ChatScript(ChatScript from, ScriptStep[] added)
    {
        _steps = [.. from._steps, .. added];
        (HasFinish, HasCalls, Calls, IsDeaf, Pause, Yields) = (from.HasFinish, from.HasCalls, from.Calls, from.IsDeaf, from.Pause, from.Yields);
    }

    /// <summary>A script that says one text in one chunk.</summary>
    public static implicit operator ChatScript(string text) => Script.Text(text);

    internal bool IsDeaf { get; private init; }
    private bool HasFinish { get; init; }
    private bool HasCalls { get; init; }
    private int Calls { get; init; }
    private TimeSpan Pause { get; init; }
    private bool Yields { get; init; }

    /// <summary>All steps of a run, the implied ones included.</summary>
    internal ScriptStep[] Program => _program ??= Compile();

    private ScriptStep[] Compile()
    {
        ScriptStep[] said = HasFinish ? _steps : [.. _steps, Ending(HasCalls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop)];
        if (Pause == TimeSpan.Zero && !Yields) return said;

        var program = new List<ScriptStep>(said.Length * 2);
        var first = true;
        foreach (var step in said)
        {
            if (step.IsChunk && Yields) program.Add(new(StepKind.Yield));
            if (step.IsChunk && Pause > TimeSpan.Zero && !first) program.Add(new(StepKind.Delay, Pause));
            first &= !step.IsChunk;
            program.Add(step);
        }
        return [.. program];
    }

    private ChatScript Then(params ScriptStep[] steps) => new(this, steps);

    private static ScriptStep Ending(ChatFinishReason reason) =>
        ScriptStep.Give(new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = reason });
}
