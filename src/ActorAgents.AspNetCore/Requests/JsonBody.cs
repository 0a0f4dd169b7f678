using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ActorAgents.AspNetCore;

/// <summary>Reads a request's body as one JSON object, within the bound on its size.</summary>
internal static class JsonBody
{
    private const int MaxDepth = 64;

    // Of two members of one name, whoever checked the request before may have read the other.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The body; dispose it when what was taken from it is copied.</summary>
    /// <exception cref="HttpErrorException">Not JSON by its type, too large, not UTF-8, malformed, nested too deeply, or not an object.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext http)
    {
        var document = await ReadDocumentAsync(http);
        if (document.RootElement.ValueKind == JsonValueKind.Object) return new RequestBody(document);
        var kind = RequestObject.Name(document.RootElement.ValueKind);
        document.Dispose();
        throw new HttpErrorException(HttpError.BadRequest($"The body must be a JSON object, not {kind}."));
    }

    /// <summary>The same for protocols that say otherwise that a body is no object.</summary>
    public static async ValueTask<JsonDocument> ReadDocumentAsync(HttpContext http)
    {
        RequireJson(http.Request);
        return Parse(await ReadBytesAsync(http, http.Settings().Options.MaxRequestBytes));
    }

    private static void RequireJson(HttpRequest request)
    {
        // A form or plain text could come from a page of another site without its browser asking first.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            throw Unsupported("Send the body as JSON, with the header 'Content-Type: application/json'.");
        if (type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Unsupported("Send the body in UTF-8.");

        static HttpErrorException Unsupported(string message) => new(new HttpError(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", message));
    }

    private static async ValueTask<byte[]> ReadBytesAsync(HttpContext http, long limit)
    {
        if (http.Request.ContentLength > limit) throw TooLarge(limit);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server && server.MaxRequestBodySize < limit) server.MaxRequestBodySize = limit;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End); // The server reads on to the end of the request, so that the client gets its answer.
                throw TooLarge(limit);
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        if (bytes.Length == 0) throw new HttpErrorException(HttpError.BadRequest("The body is empty; send a JSON object."));
        if (!Utf8.IsValid(bytes)) throw new HttpErrorException(HttpError.BadRequest("The body is not valid UTF-8."));
        if (SurrogateEscapes.FindHalf(bytes) is var at and >= 0)
            throw new HttpErrorException(HttpError.BadRequest($"The body is not valid text: the escape at byte {at} is half of a surrogate pair."));
        try
        {
            return JsonDocument.Parse(bytes, Options);
        }
        catch (JsonException malformed)
        {
            throw new HttpErrorException(HttpError.BadRequest($"The body is not valid JSON, has a member twice, or is nested more than {MaxDepth} deep: {malformed.Message}"), malformed);
        }
    }

    private static HttpErrorException TooLarge(long limit) =>
        new(new HttpError(StatusCodes.Status413PayloadTooLarge, "request_too_large", $"The body is larger than {limit} bytes, the most that is taken here."));
}

/// <summary>A body that was read.</summary>
internal sealed class RequestBody(JsonDocument document) : IDisposable
{
    public RequestObject Root => new(document.RootElement, "");

    public void Dispose() => document.Dispose();
}
