using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Agents that live for one call: the caller brings the whole conversation and nothing is kept.</summary>
public sealed class StatelessAgent
{
    private readonly AgentNode _node;
    private readonly AgentKind _kind;
    private readonly string _tenant;

    internal StatelessAgent(AgentNode node, AgentKind kind, string tenant) => (_node, _kind, _tenant) = (node, kind, tenant);

    /// <summary>The agents behind the interface of a provider: each call is answered by a new agent from exactly the messages given.</summary>
    public IChatClient AsChatClient() => new Client(this);

    private sealed class Client(StatelessAgent agents) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);
            response.ConversationId = null;
            return response;
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var id = new AgentId(agents._kind.Definition.Kind, TurnId.New().Value, agents._tenant);
            var agent = new Agent(agents._node, agents._kind, id);
            var node = agents._node;
            try
            {
                await foreach (var update in AgentChatClient.StreamAsync(agent, AgentInput.From(messages), options, cancellationToken).ConfigureAwait(false))
                {
                    update.ConversationId = null; // Nothing is kept that it could name.
                    yield return update;
                }
            }
            finally
            {
                node.Tell(id, new AgentProtocol.Remove(id));
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("ActorAgents", defaultModelId: agents._kind.Definition.Kind)
            : serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose() { }
    }
}
