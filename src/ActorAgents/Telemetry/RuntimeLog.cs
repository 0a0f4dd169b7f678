using Microsoft.Extensions.Logging;

namespace ActorAgents;

/// <summary>The runtime's log messages. None above debug has a prompt, an argument, a result or a credential, unless an exception of a tool or of a failure of an unknown kind quotes one.</summary>
internal sealed partial class RuntimeLog(ILogger logger)
{
    public void TurnEnded(AgentId agent, TurnId turn, TerminalEvent terminal)
    {
        switch (terminal)
        {
            case TurnCompleted completed: Completed(agent, turn, completed.FinishReason?.Value, completed.Usage.TotalTokens); break;
            case TurnInterrupted interrupted: Interrupted(agent, turn, interrupted.Reason, interrupted.Partial.Length); break;
            case TurnFailed failed: Failed(agent, turn, failed.Error); break;
        }
    }

    private void Failed(AgentId agent, TurnId turn, TurnError error)
    {
        // Providers quote what they refuse.
        var mayQuote = error.Kind is TurnErrorKind.Authentication or TurnErrorKind.InvalidRequest or TurnErrorKind.ContentFiltered or TurnErrorKind.ContextTooLong;
        // Its message is shown to nobody else, so it is here even if there is no exception behind it.
        var exception = error.Cause ?? (error.Kind == TurnErrorKind.Unknown ? TurnException.From(error, "", turn) : null);
        Failed(agent, turn, error.Kind, error.StatusCode, error.RequestId, mayQuote ? null : exception);
        if (mayQuote && exception is not null) Refused(agent, turn, exception);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Turn {Turn} of agent {Agent} completed: {FinishReason}, {Tokens} tokens.")]
    private partial void Completed(AgentId agent, TurnId turn, string? finishReason, long? tokens);

    [LoggerMessage(Level = LogLevel.Information, Message = "Turn {Turn} of agent {Agent} was interrupted: {Reason}, after {Chars} characters.")]
    private partial void Interrupted(AgentId agent, TurnId turn, InterruptReason reason, int chars);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {Turn} of agent {Agent} failed: {Kind}, status {Status}, request {RequestId}.")]
    private partial void Failed(AgentId agent, TurnId turn, TurnErrorKind kind, int? status, string? requestId, Exception? exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The provider refused turn {Turn} of agent {Agent}. What it said may quote a key or a prompt.")]
    private partial void Refused(AgentId agent, TurnId turn, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {Turn} of agent {Agent} broke.")]
    public partial void TurnBroke(AgentId agent, TurnId turn, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tool {Tool} of agent {Agent}, turn {Turn}, failed after its call was over.")]
    public partial void LateToolFailure(AgentId agent, TurnId turn, string tool, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {Turn} of agent {Agent} goes on without the tools of source {Source}, which failed.")]
    public partial void ToolsMissing(AgentId agent, TurnId turn, string source, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A tool source threw when turn {Turn} of agent {Agent} ended without waiting for it.")]
    public partial void ToolSourceThrew(AgentId agent, TurnId turn, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tool {Tool} of a source is not offered by agent {Agent}: it has another of that name.")]
    public partial void ToolHidden(AgentId agent, string tool);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Turns} turns did not end within {Seconds} s of the stop, which goes on without them: their providers block the threads that read them.")]
    public partial void TurnsStuck(int turns, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Turn {Turn} of agent {Agent} leaves this process, to go on from what is stored.")]
    public partial void TurnLeft(AgentId agent, TurnId turn);

    [LoggerMessage(Level = LogLevel.Information, Message = "Turn {Turn} of agent {Agent} goes on in epoch {Epoch}, after event {Seq}.")]
    public partial void TurnResumed(AgentId agent, TurnId turn, int epoch, long seq);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Agent} is active elsewhere, where its journal is written; this one stops.")]
    public partial void AgentIsElsewhere(AgentId agent);

    [LoggerMessage(Level = LogLevel.Information, Message = "Halt {Halt} on {Scope} stopped {Turns} turns here. Asked for by {By}.")]
    public partial void Halted(HaltId halt, HaltScope scope, int turns, string? by);

    [LoggerMessage(Level = LogLevel.Error, Message = "Something threw at the ends of turns that a halt stopped. They are ended all the same.")]
    public partial void EndsThrew(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody said within {Seconds} s what is halted. The runtime takes no input until somebody does.")]
    public partial void HaltsUnknown(double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Halt {Halt} is released. Asked for by {By}.")]
    public partial void Released(HaltId halt, string? by);
}
