using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// An error of JSON-RPC for a request that was refused as a whole: <c>{"jsonrpc":"2.0","id","error":{"code","message","data"}}</c>, where the id is the
/// request's, or null where none could be read, and data has <c>status</c>, <c>code</c> and, where it is known, <c>param</c>.
/// </summary>
internal sealed class McpErrorShape : ErrorShape
{
    public static readonly McpErrorShape Instance = new();

    // JSON-RPC 2.0, section 5.1; what it has no code for is a server's own error.
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int InvalidParams = -32602;
    private const int InternalError = -32603;
    private const int ServerError = -32000;

    protected override string ContentType => "application/json";

    /// <summary>Has the errors of this request name it, from here on.</summary>
    public static void Name(HttpContext http, RequestObject message) =>
        http.Items[typeof(McpErrorShape)] = message.Find("id") is { } id && McpMessage.IsId(id) ? id.Clone() : default;

    /// <summary>Ends a response with this error, though it may have begun as an event stream.</summary>
    /// <exception cref="HttpErrorException">It has not: it is answered as any error.</exception>
    public static async Task EndAsync(HttpContext http, HttpError error)
    {
        if (!http.Response.HasStarted) throw new HttpErrorException(error);
        var frame = new ArrayBufferWriter<byte>();
        frame.Write("event: message\ndata: "u8);
        using (var json = new Utf8JsonWriter(frame)) Instance.Write(http, json, error);
        frame.Write("\n\n"u8);
        await http.Response.Body.WriteAsync(frame.WrittenMemory);
    }

    public override void Write(Utf8JsonWriter json, HttpError error) => Write(json, error, null);

    protected override void Write(HttpContext http, Utf8JsonWriter json, HttpError error) => Write(json, error, (JsonElement?)http.Items[typeof(McpErrorShape)]);

    /// <param name="id">Null where the request was not read.</param>
    private static void Write(Utf8JsonWriter json, HttpError error, JsonElement? id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        if (id is { ValueKind: not JsonValueKind.Undefined } known) known.WriteTo(json);
        else json.WriteNullValue();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status switch
        {
            StatusCodes.Status400BadRequest => id is null ? ParseError : error.Param?.StartsWith("params", StringComparison.Ordinal) == true ? InvalidParams : InvalidRequest,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType => InvalidRequest,
            StatusCodes.Status500InternalServerError => InternalError,
            _ => ServerError,
        });
        json.WriteString("message", error.Message);
        json.WriteStartObject("data");
        json.WriteNumber("status", error.Status);
        json.WriteString("code", error.Code);
        if (error.Param is not null) json.WriteString("param", error.Param);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
