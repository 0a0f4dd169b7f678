using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>A turn read to its end.</summary>
internal static class WholeAnswer
{
    public static async Task<AgentResponse> RunAsync(Turn turn, CancellationToken cancellationToken)
    {
        turn.Loop.Caller = new(cancellationToken, default);
        List<ToolFinished>? tools = null;
        await using (turn.ConfigureAwait(false))
        {
            while (await turn.MoveNextAsync().ConfigureAwait(false))
            {
                switch (turn.Current)
                {
                    case ToolFinished finished: (tools ??= []).Add(finished); break;
                    case TurnCompleted completed:
                        return new AgentResponse(completed.Text, [.. turn.Loop.Record?.Answer ?? []], tools ?? [], completed.OpenCalls ?? [],
                            completed.Usage, completed.FinishReason, completed.LimitReached, turn.Id);
                    case TerminalEvent terminal: throw TextView.Exception(terminal, cancellationToken);
                }
            }
        }
        throw new InvalidOperationException("The turn ended without a terminal event.");
    }

    public static async Task<AgentResponse<T>> RunAsync<T>(Agent agent, AgentInput input, TurnOptions? options, CancellationToken cancellationToken)
    {
        var chat = options?.Chat?.Clone() ?? new ChatOptions();
        chat.ResponseFormat ??= ChatResponseFormat.ForJsonSchema<T>(AIJsonUtilities.DefaultOptions);
        var response = await agent.RunAsync(input, (options ?? new TurnOptions()) with { Chat = chat }, cancellationToken).ConfigureAwait(false);
        return new(JsonSerializer.Deserialize<T>(response.Content, AIJsonUtilities.DefaultOptions)!, response);
    }
}
