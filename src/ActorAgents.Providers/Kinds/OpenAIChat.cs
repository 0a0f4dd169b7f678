using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace ActorAgents.Providers;

/// <summary>OpenAI's chat completions.</summary>
internal static class OpenAIChat
{
    public static readonly Uri DefaultEndpoint = new("https://api.openai.com/v1");

    public static readonly ProviderKind Kind = new("openai", DefaultEndpoint, "OPENAI_API_KEY", Create, NewReader);

    private static IChatClient Create(ClientSettings settings) =>
        new ChatClient(settings.Model, new ApiKeyCredential(settings.Key), new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint,
            Transport = new HttpClientPipelineTransport(settings.Http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient();

    /// <summary>Calls are shown when the answer is over, and a refusal not at all.</summary>
    private static UpdateReader NewReader()
    {
        var refusal = "";
        return update =>
        {
            if (update.RawRepresentation is not StreamingChatCompletionUpdate chunk) return;
            foreach (var call in chunk.ToolCallUpdates ?? [])
                update.Contents.Add(new ToolCallArgumentsContent(call.ToolCallId is { Length: > 0 } id ? id : null, call.FunctionName, call.Index, call.FunctionArgumentsUpdate?.ToString() ?? ""));
            refusal += chunk.RefusalUpdate;
            if (chunk.FinishReason is not null && refusal.Length > 0) update.Contents.Add(new ErrorContent(refusal) { ErrorCode = "Refusal" });
        };
    }
}
