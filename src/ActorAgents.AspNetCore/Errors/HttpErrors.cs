using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>What the ends of turns are in HTTP. A status below 500 other than 429 says that the same request would fail again, so that clients do not repeat it.</summary>
internal static class HttpErrors
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Null for everything but a turn that ended without completing.</summary>
    public static HttpError? Of(TurnEvent next) => next switch
    {
        TurnFailed failed => Of(failed.Error) with { Partial = failed.Partial, Turn = failed.Turn },
        TurnInterrupted interrupted => Of(interrupted) with { Partial = interrupted.Partial, Turn = interrupted.Turn },
        _ => null,
    };

    public static HttpError Of(TurnError error)
    {
        var (status, code) = error.Kind switch
        {
            TurnErrorKind.InvalidInput => (StatusCodes.Status400BadRequest, "invalid_input"),
            TurnErrorKind.InvalidRequest => (StatusCodes.Status400BadRequest, "invalid_request"),
            TurnErrorKind.ContextTooLong => (StatusCodes.Status400BadRequest, "context_length_exceeded"),
            TurnErrorKind.ContentFiltered => (StatusCodes.Status400BadRequest, "content_filter"),
            TurnErrorKind.UnknownAgent => (StatusCodes.Status404NotFound, "unknown_agent"),
            TurnErrorKind.TurnGone => (StatusCodes.Status404NotFound, "turn_gone"),
            TurnErrorKind.DuplicateTurn => (StatusCodes.Status409Conflict, "duplicate_turn"),
            TurnErrorKind.Overtaken => (StatusCodes.Status409Conflict, "overtaken"),
            TurnErrorKind.Busy => (StatusCodes.Status429TooManyRequests, "busy"),
            TurnErrorKind.RateLimited => (StatusCodes.Status429TooManyRequests, "rate_limited"),
            TurnErrorKind.StreamingNotSupported => (StatusCodes.Status501NotImplemented, "streaming_not_supported"),
            // The provider refused this server's own credentials, address or model: nothing a client could do better.
            TurnErrorKind.Authentication => (StatusCodes.Status502BadGateway, "provider_authentication"),
            TurnErrorKind.NotFound => (StatusCodes.Status502BadGateway, "provider_not_found"),
            TurnErrorKind.ToolsFailed => (StatusCodes.Status502BadGateway, "tools_failed"),
            TurnErrorKind.Truncated => (StatusCodes.Status502BadGateway, "provider_truncated"),
            TurnErrorKind.Transient => (StatusCodes.Status502BadGateway, "provider_unavailable"),
            TurnErrorKind.Timeout => (StatusCodes.Status504GatewayTimeout, "provider_timeout"),
            TurnErrorKind.Halted => (StatusCodes.Status503ServiceUnavailable, "halted"),
            TurnErrorKind.Shutdown => (StatusCodes.Status503ServiceUnavailable, "shutdown"),
            TurnErrorKind.Unreachable => (StatusCodes.Status503ServiceUnavailable, "unreachable"),
            TurnErrorKind.Starting => (StatusCodes.Status503ServiceUnavailable, "starting"),
            _ => (StatusCodes.Status502BadGateway, "provider_error"),
        };
        return new HttpError(status, code, error.ToPublicMessage())
        {
            RetryAfter = error.RetryAfter ?? (error.Kind is TurnErrorKind.Busy or TurnErrorKind.RateLimited or TurnErrorKind.Shutdown or TurnErrorKind.Starting or TurnErrorKind.Unreachable ? Soon : null),
        };
    }

    private static HttpError Of(TurnInterrupted interrupted)
    {
        var (status, code) = interrupted.Reason switch
        {
            InterruptReason.FirstTokenTimeout or InterruptReason.IdleTimeout or InterruptReason.TotalTimeout => (StatusCodes.Status504GatewayTimeout, "timeout"),
            InterruptReason.Halted => (StatusCodes.Status503ServiceUnavailable, "halted"),
            InterruptReason.Shutdown or InterruptReason.NodeLost => (StatusCodes.Status503ServiceUnavailable, "shutdown"),
            _ => (StatusCodes.Status409Conflict, "interrupted"),
        };
        return new HttpError(status, code, $"The turn was interrupted ({interrupted.Reason}) after {interrupted.Partial.Length} characters.");
    }
}
