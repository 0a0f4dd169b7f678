using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Any server that speaks OpenAI's chat completions, by a client of our own.</summary>
internal static class OpenAICompatible
{
    public static readonly ProviderKind Kind = new("openai-compatible", Endpoint: null, KeyVariable: null, Create, Reader: null);

    private static IChatClient Create(ClientSettings settings) =>
        new OpenAICompatibleChatClient(settings.Http, settings.Endpoint, settings.GivenModel, settings.GivenKey, new() { TimeProvider = settings.Time, Headers = settings.Headers });
}
