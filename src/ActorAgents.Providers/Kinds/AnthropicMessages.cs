using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Anthropic's messages.</summary>
internal static class AnthropicMessages
{
    private const string Redacted = "redacted";

    public static readonly ProviderKind Kind = new("anthropic", new Uri("https://api.anthropic.com"), "ANTHROPIC_API_KEY", Create, NewReader)
    {
        MaxOutputTokens = 8192, // The API requires a bound; the SDK's 1,024 would cut ordinary answers.
        KeepOfReasoning = reasoning => reasoning.RawRepresentation is RedactedThinkingBlock ? Redacted : "",
        RestoreReasoning = (reasoning, kept) =>
        {
            if (kept == Redacted) reasoning.RawRepresentation = new RedactedThinkingBlock { Data = reasoning.ProtectedData! };
        },
    };

    private static IChatClient Create(ClientSettings settings) =>
        new AnthropicClient(new ClientOptions
        {
            ApiKey = settings.Key,
            BaseUrl = settings.Endpoint.ToString().TrimEnd('/'),
            HttpClient = settings.Http,
            MaxRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
        }).AsIChatClient(settings.Model);

    /// <summary>The SDK shows a call when its block is over.</summary>
    private static UpdateReader NewReader()
    {
        var calls = new Dictionary<long, ToolUseBlock>();
        return update =>
        {
            switch ((update.RawRepresentation as RawMessageStreamEvent)?.Value)
            {
                case RawContentBlockStartEvent { ContentBlock.Value: ToolUseBlock call } start:
                    calls[start.Index] = call;
                    break;
                case RawContentBlockDeltaEvent { Delta.Value: InputJsonDelta piece } delta when calls.TryGetValue(delta.Index, out var call):
                    update.Contents.Add(new ToolCallArgumentsContent(call.ID, call.Name, (int)delta.Index, piece.PartialJson));
                    break;
            }
        };
    }
}
