using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>A turn read to its end.</summary>
internal static class WholeAnswer
{
    /// <param name="agent">Has the turn's messages, where it does not run here.</param>
    public static async Task<AgentResponse> RunAsync(IReadTurn turn, Agent? agent, CancellationToken cancellationToken)
    {
        List<ToolFinished>? tools = null;
        try
        {
            while (await turn.MoveNextAsync().ConfigureAwait(false))
            {
                switch (turn.Current)
                {
                    case ToolFinished finished: (tools ??= []).Add(finished); break;
                    case Reset reset: tools?.RemoveAll(tool => tool.Seq > reset.FromSeq); break;
                    case TurnCompleted completed:
                        return new AgentResponse(completed.Text, await MessagesAsync(agent, turn).ConfigureAwait(false), tools ?? [], completed.OpenCalls ?? [],
                            completed.Usage, completed.FinishReason, completed.LimitReached, turn.Id);
                    case TerminalEvent terminal: throw TextView.Exception(terminal, cancellationToken);
                }
            }
        }
        finally { await turn.DisposeAsync().ConfigureAwait(false); }
        throw new InvalidOperationException("The turn ended without a terminal event.");
    }

    /// <summary>What the turn added to the conversation.</summary>
    private static async Task<IReadOnlyList<ChatMessage>> MessagesAsync(Agent? agent, IReadTurn turn)
    {
        if (turn is Turn here) return [.. here.Loop.Record?.Answer ?? []];
        var messages = (await agent!.GetMessagesAsync().ConfigureAwait(false)).Where(message => message.GetTurn() == turn.Id)
            .SkipWhile(message => message.Role != ChatRole.Assistant && message.Role != ChatRole.Tool).ToArray();
        foreach (var message in messages) message.AdditionalProperties!.Remove(Conversation.TurnKey);
        return messages;
    }

    public static async Task<AgentResponse<T>> RunAsync<T>(Agent agent, AgentInput input, TurnOptions? options, CancellationToken cancellationToken)
    {
        var chat = options?.Chat?.Clone() ?? new ChatOptions();
        chat.ResponseFormat ??= ChatResponseFormat.ForJsonSchema<T>(AIJsonUtilities.DefaultOptions);
        var response = await agent.RunAsync(input, (options ?? new TurnOptions()) with { Chat = chat }, cancellationToken).ConfigureAwait(false);
        return new(JsonSerializer.Deserialize<T>(response.Content, AIJsonUtilities.DefaultOptions)!, response);
    }
}
