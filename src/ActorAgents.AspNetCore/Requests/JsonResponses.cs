using System.Buffers;
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
        // Whole before any of it goes out: what cannot be written is an error then, not half an answer.
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Options)) write(json);
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, http.RequestAborted);
    }
}
