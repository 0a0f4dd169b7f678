using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What an agent's conversation has of a turn.</summary>
/// <param name="State"><c>running</c>, <c>completed</c>, <c>interrupted</c> or <c>failed</c>.</param>
/// <param name="Reason">Why, as <see cref="RecordedMessages.GetTurnReason"/> says it.</param>
/// <param name="Messages">Its input, then what was said so far; never empty.</param>
internal sealed record KeptTurn(TurnId Id, string State, string? Reason, IReadOnlyList<ChatMessage> Messages)
{
    public bool IsRunning => State == "running";

    /// <summary>What the agent said.</summary>
    public string Answer => string.Concat(Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text));

    /// <summary>Its terminal event, but for the usage and what a provider said of its failure, which are not kept. Null while it runs.</summary>
    public TerminalEvent? End => State switch
    {
        "running" => null,
        "interrupted" => new TurnInterrupted(Answer, Parse<InterruptReason>() ?? InterruptReason.User, TokenUsage.None) { Turn = Id },
        "failed" => new TurnFailed(Error(Parse<TurnErrorKind>() ?? TurnErrorKind.Unknown), Answer, TokenUsage.None) { Turn = Id },
        _ => new TurnCompleted(
            Answer, Reason is { } reason && Parse<TurnLimit>() is null ? new ChatFinishReason(reason) : null, TokenUsage.None, Parse<TurnLimit>(), OpenCalls()) { Turn = Id },
    };

    /// <summary>Null for a turn that the agent does not know, or that waits in its queue.</summary>
    public static async Task<KeptTurn?> FindAsync(Agent agent, TurnId turn, CancellationToken cancellationToken) =>
        Of((await agent.GetMessagesAsync(cancellationToken)).Where(message => message.GetTurn() == turn));

    /// <summary>All that it has, oldest first.</summary>
    public static async Task<IReadOnlyList<KeptTurn>> AllAsync(Agent agent, CancellationToken cancellationToken) =>
        [.. (await agent.GetMessagesAsync(cancellationToken)).GroupBy(message => message.GetTurn()).Select(turn => Of(turn)!)];

    private static KeptTurn? Of(IEnumerable<ChatMessage> messages) => messages.ToList() is [var first, ..] all ? new(first.GetTurn()!.Value, first.GetTurnState(), first.GetTurnReason(), all) : null;

    private static TurnError Error(TurnErrorKind kind) => new(kind, $"The turn failed ({kind}); what was said of it is not kept any more.");

    private IReadOnlyList<OpenToolCall>? OpenCalls()
    {
        var contents = Messages.SelectMany(message => message.Contents).ToList();
        var answered = contents.OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        var open = contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly && !answered.Contains(call.CallId))
            .Select(call => new OpenToolCall(call.CallId, call.Name, ToolArguments.Of(call))).ToList();
        return open.Count > 0 ? open : null;
    }

    /// <summary>Null where the reason is none of these.</summary>
    private T? Parse<T>() where T : struct, Enum => Enum.TryParse<T>(Reason, out var known) ? known : null;
}
