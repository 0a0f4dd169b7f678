namespace ActorAgents.Providers;

/// <summary>
/// Stands between a client and the network, so that all SDKs fail alike: whatever the provider reports, before or within its stream, is thrown as a
/// <see cref="ProviderException"/>, which no SDK knows and so each lets pass.
/// </summary>
/// <param name="missingKey">What to say in place of sending a request that lacks its key.</param>
/// <param name="readsAnswers">Whether answers are looked at here, for a client that does not do so itself.</param>
internal sealed class WireHandler(ProviderOptions options, string? key, string? missingKey, bool readsAnswers, TimeProvider time) : DelegatingHandler
{
    private readonly IReadOnlyList<string> _secrets = Secret.Of(key, options.Headers);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (missingKey is not null) throw new ProviderException(new(TurnErrorKind.Authentication, missingKey));
        if (key is null) request.Headers.Authorization = null; // The placeholder that its SDK insists on.
        foreach (var (name, value) in options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (!readsAnswers) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(TurnErrorKind.Transient, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(TurnErrorKind.Timeout, exception); // Connecting took too long; nothing else is timed here.
        }
        if (!response.IsSuccessStatusCode) throw await FailureAsync(response, cancellationToken).ConfigureAwait(false);
        return await CheckedAsync(response, cancellationToken).ConfigureAwait(false);

        ProviderException Unreachable(TurnErrorKind kind, Exception exception) =>
            new(new(kind, $"{request.RequestUri?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}: {exception.Message}") { Cause = exception });
    }

    private async Task<ProviderException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            ReadOnlyMemory<byte> body = default;
            try { body = await Body.ReadAsync(response.Content, Body.LargestFailure, cancellationToken).ConfigureAwait(false); }
            catch (Exception exception) when (exception is HttpRequestException or IOException) { } // Cut off; the status says enough.
            var error = WireErrors.OfResponse(response, body.Span, time.GetUtcNow());
            var cause = new HttpRequestException(Secret.Hide($"{(int)response.StatusCode} {response.ReasonPhrase}", _secrets), null, response.StatusCode);
            return new(error with { Message = Secret.Hide(error.Message, _secrets), Cause = cause });
        }
    }

    private async Task<HttpResponseMessage> CheckedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var events = response.Content.Headers.ContentType?.MediaType is "text/event-stream";
        if (!events && response.Content.Headers.ContentType?.MediaType is not "application/x-ndjson") return response;
        var content = new StreamContent(new CheckedLines(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), events, _secrets));
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content = content;
        return response;
    }
}
