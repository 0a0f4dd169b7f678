using System.Net;

namespace ActorAgents.Providers;

/// <summary>Makes the one kind of exception that callers see of what went wrong with a server. No header of the request gets into it.</summary>
internal sealed class ServerFailures(Uri endpoint, IReadOnlyList<string> secrets, TimeProvider time)
{
    private readonly string _server = endpoint.Authority; // Without a user's name and password.

    /// <summary>For a status other than success; reads what the server says of it.</summary>
    public async Task<Exception> OfStatusAsync(HttpResponseMessage response, CancellationToken token)
    {
        var status = (int)response.StatusCode;
        ServerWords words;
        try { words = ServerWords.Read((await Body.ReadAsync(response.Content, Body.LargestFailure, token).ConfigureAwait(false)).Span); }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            if (token.IsCancellationRequested) return Of(exception, token);
            words = default; // The status says enough.
        }
        var hint = response.StatusCode == HttpStatusCode.NotFound ? $"is there a server of chat completions at {endpoint.AbsolutePath}?" : "no further words.";
        return Failure(FailureKinds.Of(status, words), Address.Redirection(response) ?? words.Message ?? $"{_server} answered {status}: {hint}", status, response);
    }

    /// <summary>For an error that the server put into an answer it had begun with success.</summary>
    public Exception InAnswer(ServerWords words, HttpResponseMessage response) => Failure(
        FailureKinds.Of(null, words),
        words.Message ?? $"{_server} reported an error within its answer: {words.Code ?? words.Type ?? "no further words."}", words.Status, response);

    /// <summary>For an answer that cannot be read.</summary>
    public Exception Unreadable(string what, HttpResponseMessage response, Exception? cause = null) =>
        Failure(TurnErrorKind.Transient, $"The answer of {_server} cannot be read: {what}", (int)response.StatusCode, response, cause);

    /// <summary>For an answer that ended before the server said that it was over.</summary>
    public Exception Truncated(string where, HttpResponseMessage response) =>
        Failure(TurnErrorKind.Truncated, $"The answer of {_server} ended {where}.", (int)response.StatusCode, response);

    /// <summary>For a connection that could not be made, broke or took too long; the cancellation itself when the caller asked for it.</summary>
    public Exception Of(Exception exception, CancellationToken token)
    {
        if (token.IsCancellationRequested) return exception as OperationCanceledException ?? new OperationCanceledException(exception.Message, exception, token);
        return exception is OperationCanceledException
            ? Failure(TurnErrorKind.Timeout, $"{_server} did not answer in the time that the HTTP client allows.", cause: exception)
            : Failure(TurnErrorKind.Transient, $"The connection to {_server} failed: {exception.Message}", cause: exception);
    }

    public static bool IsOfConnection(Exception exception) => exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException;

    private ProviderException Failure(TurnErrorKind kind, string message, int? status = null, HttpResponseMessage? response = null, Exception? cause = null) =>
        new(new TurnError(kind, Secret.Hide(message, secrets), response is null ? null : RetryAfter.Of(response, time.GetUtcNow()), status, response?.RequestId()) { Cause = cause });
}
