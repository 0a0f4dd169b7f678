using ActorAgents.Host.Chat.Views;

namespace ActorAgents.Host.Chat;

/// <summary>Asks the person at the terminal whether a call may run.</summary>
internal sealed class ApprovalQuestion(Question question)
{
    public async Task<Approval> AskAsync(ApprovalRequested request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await question.AskAsync($"  {ToolLines.Call(request.Tool, request.Arguments)} needs your approval. Run it? (y/n) ", cancellationToken);
            switch (answer?.Trim().ToLowerInvariant())
            {
                case "y" or "yes": return new(true);
                case "n" or "no": return new(false);
                case null: return new(false, "Nobody is there to be asked.");
            }
        }
    }
}
