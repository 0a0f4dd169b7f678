using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// An error of JSON-RPC for a request that was refused as a whole, hence without an id: <c>{"jsonrpc":"2.0","id":null,"error":{"code","message","data"}}</c>,
/// where data has <c>status</c>, <c>code</c> and, where it is known, <c>param</c>.
/// </summary>
internal sealed class McpErrorShape : ErrorShape
{
    public static readonly McpErrorShape Instance = new();

    // JSON-RPC 2.0, section 5.1; what it has no code for is a server's own error.
    private const int InvalidRequest = -32600;
    private const int InternalError = -32603;
    private const int ServerError = -32000;

    protected override string ContentType => "application/json";

    public override void Write(Utf8JsonWriter json, HttpError error)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WriteNull("id");
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType => InvalidRequest,
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
