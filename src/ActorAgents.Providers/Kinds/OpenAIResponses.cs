using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace ActorAgents.Providers;

/// <summary>OpenAI's Responses, with the conversation kept here and not there.</summary>
internal static class OpenAIResponses
{
    private const string ReasoningItemId = "reasoningItemId"; // Where Microsoft.Extensions.AI.OpenAI keeps it.

    public static readonly ProviderKind Kind = new("openai-responses", OpenAIChat.DefaultEndpoint, "OPENAI_API_KEY", Create, NewReader)
    {
        Prepare = DoNotStore,
        KeepOfReasoning = reasoning => reasoning.AdditionalProperties?[ReasoningItemId] as string ?? "",
        RestoreReasoning = (reasoning, id) =>
        {
            if (id.Length > 0) (reasoning.AdditionalProperties ??= [])[ReasoningItemId] = id;
        },
    };

    private static IChatClient Create(ClientSettings settings) =>
        new ResponsesClient(new ApiKeyCredential(settings.Key), new ResponsesClientOptions
        {
            Endpoint = settings.Endpoint,
            Transport = new HttpClientPipelineTransport(settings.Http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient(settings.Model);

    /// <summary>
    /// OpenAI would keep every answer for 30 days, and tool rounds would depend on it. Where reasoning is asked for, its encrypted form comes with the
    /// answer and goes back with the next request; models that cannot reason refuse to be asked for it.
    /// </summary>
    private static void DoNotStore(ChatOptions options)
    {
        if (options.ConversationId is not null || options.RawRepresentationFactory is not null) return;
        var reasons = options.Reasoning is not null;
        options.RawRepresentationFactory = _ =>
        {
            var create = new CreateResponseOptions { StoredOutputEnabled = false };
            if (reasons) create.IncludedProperties.Add(IncludedResponseProperty.ReasoningEncryptedContent);
            return create;
        };
    }

    private static UpdateReader NewReader()
    {
        var calls = new Dictionary<int, FunctionCallResponseItem>();
        return update =>
        {
            switch (update.RawRepresentation)
            {
                case StreamingResponseOutputItemAddedUpdate { Item: FunctionCallResponseItem call } added:
                    calls[added.OutputIndex] = call;
                    break;
                case StreamingResponseFunctionCallArgumentsDeltaUpdate piece when calls.TryGetValue(piece.OutputIndex, out var call):
                    update.Contents.Add(new ToolCallArgumentsContent(call.CallId, call.FunctionName, piece.OutputIndex, piece.Delta.ToString()));
                    break;
                case StreamingResponseIncompleteUpdate { Response: var response }: // The adapter takes it for nothing, so it would look cut.
                    var filtered = response.IncompleteStatusDetails?.Reason == ResponseIncompleteStatusReason.ContentFilter;
                    update.FinishReason = filtered ? ChatFinishReason.ContentFilter : ChatFinishReason.Length;
                    if (response.Usage is { } usage) update.Contents.Add(new UsageContent(Details(usage)));
                    break;
            }
        };
    }

    private static UsageDetails Details(ResponseTokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
    };
}
