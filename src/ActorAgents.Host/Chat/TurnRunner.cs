using ActorAgents.Host.Chat.Views;

namespace ActorAgents.Host.Chat;

/// <summary>Runs one turn: shows its events and has its approvals answered.</summary>
internal sealed class TurnRunner(IConversation conversation, ITurnView view, Approver approver)
{
    public async Task<TerminalEvent> RunAsync(string prompt, CancellationToken interrupt)
    {
        await foreach (var e in conversation.EventsAsync(prompt, interrupt))
        {
            view.Show(e);
            switch (e)
            {
                case TerminalEvent end: return end;
                case ApprovalRequested request: await AnswerAsync(request, interrupt); break;
            }
        }
        throw new InvalidOperationException("The turn's events ended without a terminal event.");
    }

    private async Task AnswerAsync(ApprovalRequested request, CancellationToken interrupt)
    {
        Approval approval;
        try
        {
            approval = await approver(request, interrupt);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // The turn was interrupted while the question stood; its next event says so.
            return;
        }
        var outcome = await conversation.AnswerAsync(request.RequestId, approval.Approved, approval.Reason);
        if (outcome != ApprovalOutcome.Taken) view.Note($"The answer for {request.Tool} came too late.");
        else if (!approval.Approved && approval.Reason is { } reason) view.Note($"{request.Tool} was not allowed: {reason}");
    }
}
