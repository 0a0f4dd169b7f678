using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace ActorAgents.Providers;

/// <summary>Ollama's own chat.</summary>
internal static class OllamaChat
{
    private const int Port = 11434;

    public static readonly ProviderKind Kind = new("ollama", new Uri($"http://127.0.0.1:{Port}"), KeyVariable: null, Create, () => AddFinishReason)
    {
        Host = ("OLLAMA_HOST", HostOf),
    };

    /// <summary>Reads <c>OLLAMA_HOST</c> as Ollama does: scheme and port may be missing, and an address to listen on means this machine.</summary>
    public static Uri? HostOf(string value)
    {
        var text = value.Trim().TrimEnd('/');
        if (text.StartsWith(':')) text = "127.0.0.1" + text;
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var uri)) return null;
        var builder = new UriBuilder(uri);
        if (builder.Host is "0.0.0.0" or "[::]") builder.Host = "127.0.0.1";
        if (uri.IsDefaultPort && !text.EndsWith($":{uri.Port}", StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal)) builder.Port = Port;
        return builder.Uri;
    }

    private static IChatClient Create(ClientSettings settings)
    {
        settings.Http.BaseAddress = new Uri(settings.Endpoint.ToString().TrimEnd('/') + "/"); // Or its last part would be dropped.
        return new Client(settings.Http, settings.Model);
    }

    /// <summary>Servers that leave <c>done_reason</c> out end their answers all the same.</summary>
    private static void AddFinishReason(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is ChatDoneResponseStream) update.FinishReason ??= ChatFinishReason.Stop;
    }

    /// <summary>OllamaSharp reads its stream without the caller's token: only when its connection goes does it notice a cancel.</summary>
    private sealed class Client(HttpClient http, string model) : OllamaApiClient(http, model)
    {
        protected override async Task<HttpResponseMessage> SendToOllamaAsync(
            HttpRequestMessage requestMessage, OllamaRequest? ollamaRequest, HttpCompletionOption completionOption, CancellationToken cancellationToken)
        {
            var response = await base.SendToOllamaAsync(requestMessage, ollamaRequest, completionOption, cancellationToken).ConfigureAwait(false);
            cancellationToken.UnsafeRegister(static gone => ((HttpResponseMessage)gone!).Dispose(), response);
            return response;
        }
    }
}
