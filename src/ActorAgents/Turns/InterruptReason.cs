namespace ActorAgents;

/// <summary>Why a turn was interrupted.</summary>
public enum InterruptReason
{
    /// <summary>Somebody interrupted it by its id or its control.</summary>
    User,
    /// <summary>The caller's cancellation token was cancelled.</summary>
    Caller,
    /// <summary>The only reader of an attached turn stopped reading.</summary>
    ReaderGone,
    /// <summary>The provider gave nothing within <see cref="AgentLimits.FirstTokenTimeout"/>.</summary>
    FirstTokenTimeout,
    /// <summary>The provider was silent for <see cref="AgentLimits.IdleTimeout"/>.</summary>
    IdleTimeout,
    /// <summary>The turn took longer than <see cref="AgentLimits.TotalTimeout"/>.</summary>
    TotalTimeout,
    /// <summary>The answer grew past <see cref="AgentLimits.MaxTextChars"/>.</summary>
    TextLimit,
    /// <summary>A later input took its place (<see cref="BusyPolicy.Interrupt"/>).</summary>
    Replaced,
    /// <summary>A halt covers the agent.</summary>
    Halted,
    /// <summary>The runtime shuts down.</summary>
    Shutdown,
    /// <summary>The process that ran the turn was lost.</summary>
    NodeLost,
}

/// <summary>How a turn is interrupted.</summary>
public enum InterruptMode
{
    /// <summary>Now: the provider call and running tools are cancelled.</summary>
    Immediate,
    /// <summary>After the running step: tools that run may finish within their timeouts, no further request is made. A turn that has not begun its first ends now. Of a durable agent it holds in the next process too, which ends the turn with the results that are known.</summary>
    AfterStep,
}

/// <summary>What happens to an input that arrives while the agent is busy.</summary>
public enum BusyPolicy
{
    /// <summary>It waits, first in, first out.</summary>
    Queue,
    /// <summary>It is refused with <see cref="AgentBusyException"/>.</summary>
    Reject,
    /// <summary>The running turn ends with <see cref="InterruptReason.Replaced"/> and this input runs next.</summary>
    Interrupt,
    /// <summary>The running turn takes it in before its next request; if that turn ends first, it runs as an ordinary input.</summary>
    Steer,
}

/// <summary>Which limit ended a turn that completed.</summary>
public enum TurnLimit
{
    /// <summary><see cref="AgentLimits.MaxToolRounds"/>.</summary>
    ToolRounds,
    /// <summary><see cref="AgentLimits.MaxToolCalls"/>.</summary>
    ToolCalls,
    /// <summary><see cref="AgentLimits.MaxTurnTokens"/>.</summary>
    TurnTokens,
}
