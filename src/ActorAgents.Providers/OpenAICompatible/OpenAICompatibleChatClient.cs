using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>
/// Streams chat completions (<c>POST …/chat/completions</c>) from any server that speaks them: vLLM, llama.cpp, LM Studio, gateways, OpenAI itself.
/// <para>
/// Text, reasoning and pieces of tool calls (<see cref="ToolCallArgumentsContent"/>) are yielded as they arrive; the <see cref="FunctionCallContent"/> of
/// a call when it is complete; the usage last and once, as the server's latest count. All failures are <see cref="ProviderException"/>s with the
/// server's own words. An answer that ends with neither a finish reason nor <c>[DONE]</c> fails as <see cref="TurnErrorKind.Truncated"/>; a finish
/// reason is never made up. Nothing is tried again.
/// </para>
/// <para>Thread-safe. Cancelling the token, or disposing the enumerator between two updates, closes the connection.</para>
/// </summary>
public sealed class OpenAICompatibleChatClient : IChatClient
{
    private readonly HttpClient _http;
    private readonly Uri _completions;
    private readonly string? _model;
    private readonly string? _authorization;
    private readonly string _maxTokens;
    private readonly int _maxEventBytes;
    private readonly ChatClientMetadata _metadata;
    private readonly ServerFailures _failures;

    /// <param name="http">
    /// Stays the caller's. Its handler must have <see cref="SocketsHttpHandler.ResponseDrainTimeout"/> zero: otherwise a server learns of an interruption
    /// only seconds later. Its <see cref="HttpClient.Timeout"/> bounds the time to the response's headers.
    /// </param>
    /// <param name="endpoint">Where the API begins; usually ends in <c>/v1</c>.</param>
    /// <param name="model">For requests that name none. Some servers need none.</param>
    /// <param name="apiKey">Sent as a bearer token; occurs in no message or log.</param>
    /// <exception cref="ArgumentException">The endpoint is no absolute http address, or the key cannot stand in a header.</exception>
    public OpenAICompatibleChatClient(HttpClient http, Uri endpoint, string? model = null, string? apiKey = null, OpenAICompatibleOptions? options = null)
    {
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"'{Address.Plain(endpoint)}' is no absolute http or https address.", nameof(endpoint));
        if (apiKey is not null && apiKey.Any(char.IsControl)) throw new ArgumentException("The API key has control characters in it, such as a line end.", nameof(apiKey));
        options ??= new();
        (_http, _model, _maxEventBytes) = (http, model, options.MaxEventBytes);
        _authorization = string.IsNullOrEmpty(apiKey) ? null : $"Bearer {apiKey}";
        _completions = new UriBuilder(endpoint) { Path = endpoint.AbsolutePath.TrimEnd('/') + "/chat/completions" }.Uri;
        _maxTokens = options.UseMaxCompletionTokens ?? IsOfOpenAI(endpoint.Host) ? "max_completion_tokens" : "max_tokens";
        _metadata = new("openai-compatible", endpoint, model);
        _failures = new(endpoint, Secret.Of(apiKey, options.Headers), options.TimeProvider);
    }

    /// <summary>How long to wait for the end of a body after its last event; then the connection is given up.</summary>
    internal TimeSpan EndOfBody { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(messages, options, stream: true, cancellationToken).ConfigureAwait(false);
        var answer = new Answer(response, _failures, _maxEventBytes);
        if (answer.IsWhole)
        {
            foreach (var update in await answer.ReadWholeAsync(cancellationToken).ConfigureAwait(false)) yield return update;
            yield break;
        }
        using var events = new EventReader(_maxEventBytes);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (!answer.IsDone)
        {
            int read;
            try { read = await body.ReadAsync(events.Space(), cancellationToken).ConfigureAwait(false); }
            catch (Exception exception) when (ServerFailures.IsOfConnection(exception)) { throw answer.Failed(exception, cancellationToken); }
            if (read == 0) break;
            events.Advance(read);
            while (!answer.IsDone && events.TryRead(out var data))
            {
                if (answer.Read(data) is { } update) yield return update;
                cancellationToken.ThrowIfCancellationRequested(); // What was cancelled does not look like a whole answer, even if all of it has arrived.
            }
        }
        if (answer.End(events.IsWithinEvent) is { } last) yield return last;
        if (answer.IsDone) await ReadToEndAsync(body, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(messages, options, stream: false, cancellationToken).ConfigureAwait(false);
        return (await new Answer(response, _failures, _maxEventBytes).ReadWholeAsync(cancellationToken).ConfigureAwait(false)).ToChatResponse();
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>Does nothing: the HTTP client is not its own.</summary>
    public void Dispose() { }

    private async Task<HttpResponseMessage> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _completions) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        request.Content = new ReadOnlyMemoryContent(RequestBody.Write(messages, options, _model, _maxTokens, stream));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", stream ? "text/event-stream, application/json" : "application/json");
        if (_authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        HttpResponseMessage response;
        try { response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false); }
        catch (Exception exception) when (ServerFailures.IsOfConnection(exception)) { throw _failures.Of(exception, token); }
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await _failures.OfStatusAsync(response, token).ConfigureAwait(false);
    }

    /// <summary>A connection is used again only when its response was read to the end, which after the last event is nearly always there.</summary>
    private async Task ReadToEndAsync(Stream body, CancellationToken token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(EndOfBody);
        var rest = new byte[64];
        try { while (await body.ReadAsync(rest, patience.Token).ConfigureAwait(false) > 0) { } }
        catch (Exception exception) when (ServerFailures.IsOfConnection(exception)) { } // The answer is complete all the same.
    }

    private static bool IsOfOpenAI(string host) =>
        host == "api.openai.com" || host.EndsWith(".api.openai.com", StringComparison.Ordinal) || host.EndsWith(".openai.azure.com", StringComparison.Ordinal);
}
