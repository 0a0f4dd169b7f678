using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Answers that are one JSON value.</summary>
internal static class JsonResponses
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteJsonAsync(this HttpContext http, Action<Utf8JsonWriter> write, string contentType = "application/json")
    {
        http.Response.ContentType = contentType;
        await using (var json = new Utf8JsonWriter(http.Response.BodyWriter, Options)) write(json);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
