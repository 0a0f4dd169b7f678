using ActorAgents.Host.Chat.Views;

namespace ActorAgents.Host.Chat;

/// <summary>One prompt, one answer, one exit code.</summary>
internal sealed class OneShot(IConversation conversation, ITurnView view, Approver approver, Interruptions interruptions)
{
    public async Task<int> RunAsync(string prompt)
    {
        using var turn = interruptions.Turn(out var interrupt);
        try
        {
            // Whoever asks a second time does not want to wait for the end of the turn.
            return await new TurnRunner(conversation, view, approver).RunAsync(prompt, interrupt).WaitAsync(interruptions.Leaving) switch
            {
                TurnCompleted => ExitCode.Ok,
                TurnInterrupted when interrupt.IsCancellationRequested => Stopped,
                _ => ExitCode.Failed,
            };
        }
        catch (OperationCanceledException) when (interruptions.Leaving.IsCancellationRequested)
        {
            return Stopped;
        }
    }

    private int Stopped => interruptions.Terminated ? ExitCode.Terminated : ExitCode.Interrupted;
}
