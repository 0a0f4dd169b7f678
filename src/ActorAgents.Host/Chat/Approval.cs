namespace ActorAgents.Host.Chat;

/// <summary>A person's word on a tool call.</summary>
internal readonly record struct Approval(bool Approved, string? Reason = null);

/// <summary>Asks for it. A cancelled question gives no answer: it throws <see cref="OperationCanceledException"/>.</summary>
internal delegate Task<Approval> Approver(ApprovalRequested request, CancellationToken cancellationToken);

/// <summary>Answers for when nobody can be asked.</summary>
internal static class Approvers
{
    public static Approver All { get; } = (_, _) => Task.FromResult(new Approval(true));

    public static Approver None { get; } = (_, _) => Task.FromResult(new Approval(false, "Nobody is there to be asked."));
}
