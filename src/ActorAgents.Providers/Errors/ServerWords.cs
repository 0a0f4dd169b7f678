using System.Globalization;
using System.Text.Json;

namespace ActorAgents.Providers;

/// <summary>What a server says of a failure, in whichever of the usual shapes it says it.</summary>
/// <param name="Message">Its words; null when it gave none.</param>
/// <param name="Code">A name of the failure, such as <c>context_length_exceeded</c>.</param>
/// <param name="Type">A broader name, such as <c>invalid_request_error</c>.</param>
/// <param name="Status">An HTTP status that stands in the body.</param>
internal readonly record struct ServerWords(string? Message, string? Code = null, string? Type = null, int? Status = null)
{
    private const int LongestMessage = 2000;

    /// <summary>Never fails: a body that is not JSON is its own words, unless it is a page for a browser.</summary>
    public static ServerWords Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            return In(JsonElement.ParseValue(ref json));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            var text = System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestMessage)]).Trim();
            return new(text is "" or ['<', ..] ? null : text);
        }
    }

    /// <summary>The words of an event or line that reports an error; null for any other.</summary>
    public static ServerWords? OfError(ReadOnlySpan<byte> frame)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            var json = JsonElement.ParseValue(ref reader);
            if (json.ValueKind != JsonValueKind.Object) return null;
            var reports = json.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String;
            return reports || Text(json, "type") is "error" or "response.failed" ? In(json) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // Whoever reads the frame says what is wrong with it.
        }
    }

    /// <summary>
    /// <c>{"error": {"message", "code", "type"}}</c> of OpenAI and Anthropic, the same without the outer object (Responses, vLLM, Mistral) or within
    /// <c>{"response": …}</c> (Responses), <c>{"error": "words"}</c> (Ollama), FastAPI's <c>{"detail": "words"}</c> and <c>{"detail": [{"msg"}]}</c>, and any of it in
    /// an array (Gemini).
    /// </summary>
    /// <exception cref="InvalidOperationException">A string is not valid text.</exception>
    public static ServerWords In(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new(Shorten(json.GetString())),
        JsonValueKind.Array when json.GetArrayLength() > 0 => In(json[0]),
        JsonValueKind.Object when json.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String => In(error),
        JsonValueKind.Object when json.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object => In(response),
        JsonValueKind.Object => InObject(json),
        _ => default,
    };

    /// <summary>What kind of failure it is by its names and words; null when they do not tell.</summary>
    public TurnErrorKind? Kind => KindOf(Code) ?? (SaysContextTooLong ? TurnErrorKind.ContextTooLong : KindOf(Type));

    private bool SaysContextTooLong
    {
        get
        {
            if (Message is null) return false;
            foreach (var words in ContextTooLong)
                if (Message.Contains(words, StringComparison.OrdinalIgnoreCase)) return true;
            return false;
        }
    }

    /// <summary>OpenAI, vLLM, LM Studio and Ollama; llama.cpp; Anthropic; gateways before Gemini and Bedrock.</summary>
    private static readonly string[] ContextTooLong =
        ["context length", "context window", "available context size", "prompt is too long", "input token count exceeds", "input is too long"];

    private static TurnErrorKind? KindOf(string? name) => name switch
    {
        "context_length_exceeded" or "exceed_context_size_error" or "request_too_large" => TurnErrorKind.ContextTooLong,
        "content_filter" or "content_policy_violation" => TurnErrorKind.ContentFiltered,
        // An account without credit is refused like a stranger: only its owner can help, no waiting does.
        "insufficient_quota" or "billing_hard_limit_reached" or "billing_error" or "invalid_api_key" or "authentication_error" or "permission_error" => TurnErrorKind.Authentication,
        "rate_limit_exceeded" or "rate_limit_error" => TurnErrorKind.RateLimited,
        "model_not_found" or "not_found_error" or "NotFoundError" => TurnErrorKind.NotFound,
        "server_error" or "api_error" or "timeout_error" or "internal_server_error" or "InternalServerError" or "overloaded_error" or "unavailable_error" => TurnErrorKind.Transient,
        "invalid_request_error" or "BadRequestError" => TurnErrorKind.InvalidRequest,
        _ => null,
    };

    private static ServerWords InObject(JsonElement json)
    {
        var message = Text(json, "message");
        if (message is null && json.TryGetProperty("detail", out var detail)) message = In(detail).Message;
        var status = json.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : (int?)null;
        if (status is null && int.TryParse(Text(json, "code"), NumberStyles.None, CultureInfo.InvariantCulture, out number)) status = number;
        return new(message ?? Shorten(Text(json, "msg")), Text(json, "code"), Text(json, "type"), status is >= 400 and < 600 ? status : null);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Shorten(value.GetString()) : null;

    private static string? Shorten(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Length > LongestMessage ? text[..LongestMessage] + "…" : text;
}
