using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace ActorAgents.Providers.Kinds;

/// <summary>OpenAI's chat completions.</summary>
internal static class OpenAIChat
{
    public static readonly Uri DefaultEndpoint = new("https://api.openai.com/v1");

    public static readonly ProviderKind Kind = new("openai", DefaultEndpoint, "OPENAI_API_KEY", Create, () => AddPieces);

    private static IChatClient Create(ClientSettings settings) =>
        new ChatClient(settings.Model, new ApiKeyCredential(settings.Key), new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint,
            Transport = new HttpClientPipelineTransport(settings.Http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient();

    /// <summary>The SDK shows calls when the answer is over.</summary>
    private static void AddPieces(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is not StreamingChatCompletionUpdate { ToolCallUpdates: { Count: > 0 } calls }) return;
        foreach (var call in calls)
            update.Contents.Add(new ToolCallArgumentsContent(call.ToolCallId, call.FunctionName, call.Index, call.FunctionArgumentsUpdate?.ToString() ?? ""));
    }
}
