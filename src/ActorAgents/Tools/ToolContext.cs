using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What a running tool may know and do. Take it by declaring an <see cref="AIFunctionArguments"/> parameter.</summary>
public sealed class ToolContext
{
    private readonly IToolCallOwner _owner;

    internal ToolContext(IToolCallOwner owner, AgentId agentId, TurnId turnId, string callId, ChatOptions options)
        => (_owner, AgentId, TurnId, CallId, Options) = (owner, agentId, turnId, callId, options);

    public AgentId AgentId { get; }
    public TurnId TurnId { get; }
    public string CallId { get; }

    /// <summary>The options of the turn's next request. Tools added or removed here hold from the next round on. Change it before the tool returns.</summary>
    public ChatOptions Options { get; }

    /// <summary>The context of the running call, or null when the function was not invoked by an agent.</summary>
    public static ToolContext? From(AIFunctionArguments arguments) =>
        arguments?.Context is { } context && context.TryGetValue(typeof(ToolContext), out var value) ? value as ToolContext : null;

    /// <summary>Tells the readers how far the call is. Cheap: when nobody has read the last value, the newer takes its place.</summary>
    public void Report(string value) => _owner.Report(value);

    /// <summary>Ends the turn after this round: the results are recorded and no further request is made.</summary>
    public void Terminate() => _owner.Terminate();
}

/// <summary>Where a running call's reports go.</summary>
internal interface IToolCallOwner
{
    void Report(string value);
    void Terminate();
}
