using System.Globalization;
using System.Net;

namespace ActorAgents.Providers;

/// <summary>Makes the one kind of exception that callers see of what went wrong with a server. No header of the request gets into it.</summary>
internal sealed class ServerFailures(Uri endpoint, string? apiKey, TimeProvider time)
{
    private const int LargestBody = 64 * 1024;

    private readonly string _server = endpoint.Authority; // Without a user's name and password.

    /// <summary>For a status other than success; reads what the server says of it.</summary>
    public async Task<Exception> OfStatusAsync(HttpResponseMessage response, CancellationToken token)
    {
        var status = (int)response.StatusCode;
        ServerWords words;
        try { words = ServerWords.Read((await Body.ReadAsync(response.Content, LargestBody, token).ConfigureAwait(false)).Span); }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            if (token.IsCancellationRequested) return Of(exception, token);
            words = default; // The status says enough.
        }
        var said = words.Message ?? (response.StatusCode == HttpStatusCode.NotFound ? $"is there a server of chat completions at {endpoint.AbsolutePath}?" : "no further words.");
        return Failure(KindOf(status, words), $"{_server} answered {status}: {said}", status, response);
    }

    /// <summary>For an error that the server put into an answer it had begun with success.</summary>
    public Exception InAnswer(ServerWords words, HttpResponseMessage response) => Failure(
        words.Kind ?? (words.Status is { } status ? KindOf(status) : TurnErrorKind.Transient),
        $"{_server} reported an error within its answer: {words.Message ?? words.Code ?? words.Type ?? "no further words."}", words.Status, response);

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

    private ProviderException Failure(TurnErrorKind kind, string message, int? status = null, HttpResponseMessage? response = null, Exception? cause = null)
    {
        if (apiKey is not null) message = message.Replace(apiKey, "***", StringComparison.Ordinal); // Servers quote what they refuse.
        return new(new TurnError(kind, message, RetryAfter(response), status, RequestId(response)) { Cause = cause });
    }

    private static TurnErrorKind KindOf(int status, ServerWords words) => (status, words.Kind) switch
    {
        (429, TurnErrorKind.Authentication) => TurnErrorKind.Authentication,
        (401 or 403 or 404 or 429, not TurnErrorKind.ContentFiltered) => KindOf(status), // These statuses are clearer than words.
        (_, { } kind) => kind,
        _ => KindOf(status),
    };

    private static TurnErrorKind KindOf(int status) => status switch
    {
        401 or 402 or 403 => TurnErrorKind.Authentication, // 402: the account has no credit.
        404 => TurnErrorKind.NotFound,
        429 => TurnErrorKind.RateLimited,
        408 or >= 500 => TurnErrorKind.Transient,
        >= 400 => TurnErrorKind.InvalidRequest,
        _ => TurnErrorKind.Unknown,
    };

    /// <summary>OpenAI's milliseconds before the standard's seconds or date (RFC 9110 §10.2.3).</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        if (response is null) return null;
        if (double.TryParse(Header(response, "retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 1e12)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (response.Headers.RetryAfter is not { } after) return null;
        var wait = after.Delta ?? after.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string? RequestId(HttpResponseMessage? response) => response is null ? null : Header(response, "x-request-id");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
