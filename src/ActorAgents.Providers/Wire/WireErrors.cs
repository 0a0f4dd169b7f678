using System.Net;
using System.Text.Json;

namespace ActorAgents.Providers;

/// <summary>
/// What a provider means by an error, whichever of these it speaks:
/// OpenAI <c>{"error":{"message","type","code"}}</c>, Responses <c>{"type":"error","message","code"}</c> and
/// <c>{"type":"response.failed","response":{"error":{…}}}</c>, Anthropic <c>{"type":"error","error":{"type","message"}}</c>, Ollama <c>{"error":"…"}</c>.
/// </summary>
internal static class WireErrors
{
    /// <summary>The error of a response that has a status for it.</summary>
    public static TurnError OfResponse(HttpResponseMessage response, string body, DateTimeOffset now)
    {
        var details = DetailsOf(body);
        var status = (int)response.StatusCode;
        var message = details?.Message is { Length: > 0 } words ? words : $"The provider answered {status} {response.ReasonPhrase}.";
        var requestId = Header(response, "x-request-id") ?? Header(response, "request-id");
        return new(KindOf(details, response.StatusCode), message, RetryAfter.Of(response, now), status, requestId);
    }

    /// <summary>The error in one frame of a stream that began well; null for any other frame.</summary>
    public static TurnError? OfFrame(string frame) =>
        // Where a text says it, its quotes are escaped: hardly a frame is parsed in vain.
        frame.Contains("\"error\"", StringComparison.Ordinal) || frame.Contains("\"response.failed\"", StringComparison.Ordinal)
            ? DetailsOf(frame) is { } details ? new(KindOf(details, null), details.Message) : null
            : null;

    private static TurnErrorKind KindOf(Details? details, HttpStatusCode? status) => (details?.Code, details?.Type) switch
    {
        ("context_length_exceeded", _) => TurnErrorKind.ContextTooLong,
        ("content_filter" or "content_policy_violation", _) => TurnErrorKind.ContentFiltered,
        // Both come with 429 or 402, and no wait helps: somebody must look after the account.
        ("insufficient_quota", _) or (_, "insufficient_quota" or "billing_error") => TurnErrorKind.Authentication,
        ("rate_limit_exceeded", _) or (_, "rate_limit_error") => TurnErrorKind.RateLimited,
        ("invalid_api_key", _) or (_, "authentication_error" or "permission_error") => TurnErrorKind.Authentication,
        ("model_not_found", _) or (_, "not_found_error") => TurnErrorKind.NotFound,
        (_, "overloaded_error" or "api_error" or "server_error" or "timeout_error") => TurnErrorKind.Transient,
        (_, "request_too_large") => TurnErrorKind.ContextTooLong,
        _ when SaysTooLong(details?.Message) => TurnErrorKind.ContextTooLong,
        (_, "invalid_request_error") when status is null => TurnErrorKind.InvalidRequest,
        _ => OfStatus(status),
    };

    private static TurnErrorKind OfStatus(HttpStatusCode? status) => status switch
    {
        null => TurnErrorKind.Transient, // The server failed at something it had begun.
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.PaymentRequired => TurnErrorKind.Authentication,
        HttpStatusCode.TooManyRequests => TurnErrorKind.RateLimited,
        HttpStatusCode.NotFound => TurnErrorKind.NotFound,
        HttpStatusCode.RequestEntityTooLarge => TurnErrorKind.ContextTooLong,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => TurnErrorKind.Transient,
        >= HttpStatusCode.BadRequest => TurnErrorKind.InvalidRequest,
        _ => TurnErrorKind.Unknown,
    };

    /// <summary>Anthropic and Ollama have no code for it, only words.</summary>
    private static bool SaysTooLong(string? message) => message is not null
        && (message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
            || message.Contains("context length", StringComparison.OrdinalIgnoreCase)
            || message.Contains("context window", StringComparison.OrdinalIgnoreCase));

    private static Details? DetailsOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String) return new(error.GetString()!, null, null);
            if (error.ValueKind == JsonValueKind.Object) return Read(error);
            return Text(root, "type") switch
            {
                "error" => Read(root),
                "response.failed" when root.TryGetProperty("response", out var response) && response.TryGetProperty("error", out error)
                    && error.ValueKind == JsonValueKind.Object => Read(error),
                "response.failed" => new("The response failed.", null, null),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null; // A proxy's page, say. The status remains.
        }
    }

    private static Details Read(JsonElement error) => new(Text(error, "message") ?? "", Text(error, "code"), Text(error, "type"));

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private sealed record Details(string Message, string? Code, string? Type);
}
