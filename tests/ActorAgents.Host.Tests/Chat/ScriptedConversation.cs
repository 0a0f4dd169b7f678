using System.Runtime.CompilerServices;
using ActorAgents.Host.Chat;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tests.Chat;

/// <summary>Plays given events, a list for each turn. A turn without an end waits until it is interrupted and then ends as the runtime's would.</summary>
internal sealed class ScriptedConversation(params TurnEvent[][] turns) : IConversation
{
    private int _next;

    public AgentDefinition Definition { get; init; } = new() { Kind = "helper", Description = "Helps." };
    public List<string> Prompts { get; } = [];
    public List<(string Request, bool Approved, string? Reason)> Answers { get; } = [];
    public List<ChatMessage> Messages { get; } = [];
    public bool TakesAnswers { get; init; } = true;
    public int Cleared { get; private set; }

    /// <summary>Completed once a turn without an end has given all it has.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async IAsyncEnumerable<TurnEvent> EventsAsync(string prompt, [EnumeratorCancellation] CancellationToken interrupt)
    {
        Prompts.Add(prompt);
        var text = "";
        foreach (var e in turns[_next++])
        {
            if (e is TextDelta delta) text += delta.Text;
            yield return e;
            if (e is TerminalEvent) yield break;
        }
        Waiting.TrySetResult();
        var interrupted = new TaskCompletionSource();
        await using (interrupt.Register(interrupted.SetResult)) await interrupted.Task;
        yield return new TurnInterrupted(text, InterruptReason.Caller, TokenUsage.None);
    }

    public Task<ApprovalOutcome> AnswerAsync(string requestId, bool approved, string? reason)
    {
        Answers.Add((requestId, approved, reason));
        return Task.FromResult(TakesAnswers ? ApprovalOutcome.Taken : ApprovalOutcome.AlreadyAnswered);
    }

    public Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ChatMessage>>(Messages);

    public Task ClearAsync(CancellationToken cancellationToken)
    {
        Cleared++;
        return Task.CompletedTask;
    }
}
