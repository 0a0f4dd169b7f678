using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>How a protocol says that a request failed. It is part of an endpoint's metadata, so that whoever refuses a request can keep to it.</summary>
internal abstract class ErrorShape
{
    protected abstract string ContentType { get; }

    /// <summary>Writes the whole body, one JSON object.</summary>
    public abstract void Write(Utf8JsonWriter json, HttpError error);

    /// <summary>The same where the body names the request that it answers.</summary>
    protected virtual void Write(HttpContext http, Utf8JsonWriter json, HttpError error) => Write(json, error);

    public async Task WriteAsync(HttpContext http, HttpError error)
    {
        http.Response.Clear();
        http.Response.StatusCode = error.Status;
        if (error.Turn is { } turn) http.NameTurn(turn);
        if (error.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await http.WriteJsonAsync(json => Write(http, json, error), ContentType);
    }

    /// <summary>The shape of the endpoint that was asked for; problem details where there is none.</summary>
    public static ErrorShape Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ErrorShape>() ?? ProblemShape.Instance;
}

/// <summary>RFC 9457. The members beyond the standard's: <c>code</c>, and <c>param</c>, <c>turn</c> and <c>partial</c> where they are known.</summary>
internal sealed class ProblemShape : ErrorShape
{
    public static readonly ProblemShape Instance = new();

    protected override string ContentType => "application/problem+json";

    public override void Write(Utf8JsonWriter json, HttpError error)
    {
        json.WriteStartObject();
        json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(error.Status));
        json.WriteNumber("status", error.Status);
        json.WriteString("detail", error.Message);
        json.WriteString("code", error.Code);
        if (error.Param is not null) json.WriteString("param", error.Param);
        if (error.Turn is { } turn) json.WriteString("turn", turn.Value);
        if (error.Partial is { Length: > 0 }) json.WriteString("partial", error.Partial);
        json.WriteEndObject();
    }
}
