namespace ActorAgents.Host.Commands;

/// <summary>What the person asked of <c>chat</c>.</summary>
/// <param name="Prompt">Absent: it is read from standard input, or there is a conversation.</param>
/// <param name="Config">Absent: the folder beside the program.</param>
/// <param name="ApproveAll">No question is asked before a tool call.</param>
internal sealed record ChatRequest(string? Kind, string Key, string? Prompt, string? Config, bool ApproveAll)
{
    public const string DefaultKey = "local";
}

/// <summary>The program was not called as it can be. The message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
