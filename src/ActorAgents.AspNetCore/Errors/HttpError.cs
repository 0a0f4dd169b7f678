using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Why a request is not answered as it asked; each protocol has a shape of its own for it.</summary>
/// <param name="Code">For programs: lower case with underscores, for example <c>unknown_agent</c>; in A2A its own names.</param>
/// <param name="Message">For a person: what is wrong, where, and what to do.</param>
/// <param name="Param">The part of the request that is wrong, for example <c>messages[0].role</c>.</param>
internal sealed record HttpError(int Status, string Code, string Message, string? Param = null)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the turn had delivered.</summary>
    public string? Partial { get; init; }

    public TurnId? Turn { get; init; }

    public static HttpError BadRequest(string message, string? param = null) => new(StatusCodes.Status400BadRequest, "invalid_request", message, param);

    public static HttpError NotFound(string code, string message) => new(StatusCodes.Status404NotFound, code, message);
}

/// <summary>Ends a request with an error.</summary>
internal sealed class HttpErrorException(HttpError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public HttpError Error { get; } = error;
}
