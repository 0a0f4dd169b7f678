using System.Globalization;

namespace ActorAgents.Host.Chat.Views;

/// <summary>How turns end, in words.</summary>
internal static class Endings
{
    /// <summary>What to say of an end; null when it needs no word.</summary>
    public static string? For(TerminalEvent end, AgentDefinition agent) => end switch
    {
        TurnFailed failed => $"The turn failed: {Printable.Text(failed.Error.Message)}{Kept(failed.Partial)}",
        TurnInterrupted interrupted => $"Interrupted: {Reason(interrupted.Reason, agent)}{Kept(interrupted.Partial)}",
        TurnCompleted { LimitReached: { } limit } => $"A limit ended the work: {Limit(limit, agent)}",
        TurnCompleted { OpenCalls: { Count: > 0 } calls } => $"Calls left for the caller to run: {string.Join(", ", calls.Select(c => ToolLines.Call(c.Tool, c.Arguments)))}.",
        TurnCompleted { SteeredInto: not null } => "The running turn took this in.",
        TurnCompleted { FinishReason: { Value: "length" } } => "The answer was cut: the model reached its bound on output tokens.",
        TurnCompleted { Text: "" } => "The answer is empty.",
        _ => null,
    };

    private static string Kept(string partial) => partial.Length == 0 ? "" : " What was written so far is kept in the conversation.";

    private static string Reason(InterruptReason reason, AgentDefinition agent) => reason switch
    {
        InterruptReason.User or InterruptReason.Caller or InterruptReason.ReaderGone => "you stopped the turn.",
        InterruptReason.FirstTokenTimeout => $"the provider gave nothing {Within("firstTokenTimeout", agent.Limits.FirstTokenTimeout, agent)}.",
        InterruptReason.IdleTimeout => $"the provider was silent {Within("idleTimeout", agent.Limits.IdleTimeout, agent)}.",
        InterruptReason.TotalTimeout => $"the turn did not end {Within("totalTimeout", agent.Limits.TotalTimeout, agent)}.",
        InterruptReason.TextLimit => $"the answer grew past limits.maxTextChars ({agent.Limits.MaxTextChars}) of agent '{agent.Kind}'.",
        InterruptReason.Replaced => "a later prompt took its place.",
        InterruptReason.Halted => "a halt covers the agent; nothing runs until it is released.",
        InterruptReason.Shutdown => "the program ends.",
        _ => "the node that ran it was lost; ask again.",
    };

    private static string Within(string limit, TimeSpan time, AgentDefinition agent) =>
        string.Create(CultureInfo.InvariantCulture, $"within limits.{limit} ({time.TotalSeconds:0.###} s) of agent '{agent.Kind}'");

    private static string Limit(TurnLimit limit, AgentDefinition agent) => limit switch
    {
        TurnLimit.ToolRounds => $"limits.maxToolRounds ({agent.Limits.MaxToolRounds}) of agent '{agent.Kind}'.",
        TurnLimit.ToolCalls => $"limits.maxToolCalls ({agent.Limits.MaxToolCalls}) of agent '{agent.Kind}'.",
        _ => $"limits.maxTurnTokens ({agent.Limits.MaxTurnTokens}) of agent '{agent.Kind}'.",
    };
}
