using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// What a kind says of itself to everybody, since a client learns from it that a key is needed: its name and description, and nothing of its instructions,
/// provider or tools.
/// </summary>
internal static class A2ACard
{
    private static readonly string Version = typeof(A2ACard).Assembly.GetName().Version!.ToString(3);

    /// <param name="path">Where the kind is called.</param>
    /// <exception cref="HttpErrorException">No such kind.</exception>
    public static async Task AnswerAsync(HttpContext http, string kind, string path)
    {
        var definition = Definition(http, kind);
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, definition, $"{http.Request.Scheme}://{http.Request.Host}{path}", http.Settings().Options.Keys.Count > 0);
        var headers = http.Response.Headers;
        headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan))[..16]}\"";
        headers.CacheControl = "private, max-age=60"; // It names the address by which it was asked for.
        if (http.Request.Headers.IfNoneMatch == headers.ETag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = bytes.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(bytes.WrittenMemory, http.RequestAborted);
    }

    /// <summary>Strangers are not told which kinds there are.</summary>
    private static AgentDefinition Definition(HttpContext http, string kind)
    {
        try { return Caller.Stateless(http, kind).Definition; }
        catch (UnknownAgentException) { throw new HttpErrorException(HttpError.NotFound("unknown_agent", $"No agent of kind '{kind}' is served here.")); }
    }

    private static void Write(Utf8JsonWriter json, AgentDefinition definition, string url, bool needsKey)
    {
        var description = definition.Description is { Length: > 0 } given ? given : $"The agent {definition.Kind}.";
        json.WriteStartObject();
        json.WriteString("name", definition.Kind);
        json.WriteString("description", description);
        json.WriteString("version", Version);
        json.WriteStartArray("supportedInterfaces");
        json.WriteStartObject();
        json.WriteString("url", url);
        json.WriteString("protocolBinding", "JSONRPC");
        json.WriteString("protocolVersion", "1.0");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("capabilities");
        json.WriteBoolean("streaming", true);
        json.WriteBoolean("pushNotifications", false);
        json.WriteBoolean("extendedAgentCard", false);
        json.WriteEndObject();
        if (needsKey) Security(json);
        Texts(json, "defaultInputModes", "text/plain", "application/json");
        Texts(json, "defaultOutputModes", "text/plain");
        json.WriteStartArray("skills");
        json.WriteStartObject();
        json.WriteString("id", definition.Kind);
        json.WriteString("name", definition.Kind);
        json.WriteString("description", description);
        Texts(json, "tags", definition.Kind);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Security(Utf8JsonWriter json)
    {
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("key");
        json.WriteStartObject("httpAuthSecurityScheme");
        json.WriteString("scheme", "Bearer");
        json.WriteString("description", "The key that the server's operator gave.");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("securityRequirements");
        json.WriteStartObject();
        json.WriteStartObject("schemes");
        json.WriteStartObject("key");
        Texts(json, "list");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
