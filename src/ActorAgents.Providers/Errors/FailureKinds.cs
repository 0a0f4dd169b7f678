namespace ActorAgents.Providers;

/// <summary>What kind of failure a status and a server's words amount to. The same for every provider.</summary>
internal static class FailureKinds
{
    /// <param name="status">Null for an error within an answer that began with success.</param>
    public static TurnErrorKind Of(int? status, ServerWords words) => (status, words.Kind) switch
    {
        (429, TurnErrorKind.Authentication) => TurnErrorKind.Authentication,
        (401 or 403 or 404 or 429, not TurnErrorKind.ContentFiltered) => OfStatus(status), // These statuses are clearer than words.
        (_, { } kind) => kind,
        _ => OfStatus(status ?? words.Status),
    };

    private static TurnErrorKind OfStatus(int? status) => status switch
    {
        null => TurnErrorKind.Transient, // The server failed at something it had begun.
        401 or 402 or 403 => TurnErrorKind.Authentication, // 402: the account has no credit.
        404 => TurnErrorKind.NotFound,
        413 => TurnErrorKind.ContextTooLong,
        429 => TurnErrorKind.RateLimited,
        408 or >= 500 => TurnErrorKind.Transient,
        >= 400 => TurnErrorKind.InvalidRequest,
        _ => TurnErrorKind.Unknown,
    };
}
