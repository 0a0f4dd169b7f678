using System.Net;

namespace ActorAgents;

/// <summary>What an exception of an unknown client most likely means. Libraries of providers bring better judgement with <see cref="ProviderBuilder.Classify"/>.</summary>
internal static class ProviderErrors
{
    /// <summary>The key in <see cref="Exception.Data"/> under which a client may leave the wait that the provider asked for, as a <see cref="TimeSpan"/>.</summary>
    public const string RetryAfter = "Retry-After";

    public static TurnError Classify(Exception exception) => exception switch
    {
        TurnException known => known.Error,
        HttpRequestException { StatusCode: { } status } http => new(KindOf(status), http.Message, WaitIn(http), (int)status) { Cause = http },
        HttpRequestException or IOException => new(TurnErrorKind.Transient, exception.Message, WaitIn(exception)) { Cause = exception },
        TimeoutException or OperationCanceledException => new(TurnErrorKind.Timeout, exception.Message) { Cause = exception },
        _ => new(TurnErrorKind.Unknown, exception.Message) { Cause = exception },
    };

    public static TurnErrorKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => TurnErrorKind.Authentication,
        HttpStatusCode.TooManyRequests => TurnErrorKind.RateLimited,
        HttpStatusCode.NotFound => TurnErrorKind.NotFound,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => TurnErrorKind.Transient,
        >= HttpStatusCode.BadRequest => TurnErrorKind.InvalidRequest,
        _ => TurnErrorKind.Unknown,
    };

    /// <summary>Whether the same request may succeed a little later.</summary>
    public static bool IsWorthRetrying(TurnErrorKind kind) => kind is TurnErrorKind.Transient or TurnErrorKind.RateLimited or TurnErrorKind.Timeout;

    private static TimeSpan? WaitIn(Exception exception) => exception.Data[RetryAfter] as TimeSpan?;
}
