using System.Globalization;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// An error of JSON-RPC, with details as <c>google.rpc</c> has them. The id is the call's, or null where none could be read. What refuses a request before
/// it is read, such as a missing key or a limit, has the code -32000 and says in <c>reason</c> what it is.
/// </summary>
internal sealed class A2AErrorShape : ErrorShape
{
    public static readonly A2AErrorShape Instance = new();

    private const string Types = "type.googleapis.com/google.rpc.";
    private const int ParseError = -32700, InvalidRequest = -32600, InvalidParams = -32602, Internal = -32603, UnknownMethod = -32601, Refused = -32000;

    protected override string ContentType => "application/json";

    public override void Write(Utf8JsonWriter json, HttpError error) => Write(json, error, null);

    protected override void Write(Microsoft.AspNetCore.Http.HttpContext http, Utf8JsonWriter json, HttpError error) => Write(json, error, A2ACall.Of(http));

    private static void Write(Utf8JsonWriter json, HttpError error, A2ACall? call)
    {
        json.WriteStartObject();
        A2ACall.WriteHead(json, call);
        json.WriteStartObject("error");
        json.WriteNumber("code", CodeOf(error, call));
        json.WriteString("message", error.Message);
        json.WriteStartArray("data");
        Info(json, error);
        if (error.Param is not null) Violation(json, error.Param, error.Message);
        if (error.RetryAfter is { } wait) Retry(json, wait);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int CodeOf(HttpError error, A2ACall? call) => A2AErrors.CodeOf(error) ?? (error.Status, error.Code) switch
    {
        (415, _) => -32005,
        (_, "turn_gone") => -32001,
        (413, _) => InvalidRequest,
        (400, _) => call is null ? ParseError : call.IsRead ? InvalidParams : InvalidRequest,
        (_, "unknown_route") => UnknownMethod,
        (500, _) => Internal,
        _ => Refused,
    };

    private static void Info(Utf8JsonWriter json, HttpError error)
    {
        json.WriteStartObject();
        json.WriteString("@type", Types + "ErrorInfo");
        json.WriteString("reason", error.Code.ToUpperInvariant());
        json.WriteString("domain", A2AErrors.CodeOf(error) is null ? "actoragents" : A2AErrors.Domain);
        json.WriteEndObject();
    }

    private static void Violation(Utf8JsonWriter json, string field, string message)
    {
        json.WriteStartObject();
        json.WriteString("@type", Types + "BadRequest");
        json.WriteStartArray("fieldViolations");
        json.WriteStartObject();
        json.WriteString("field", field);
        json.WriteString("description", message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Retry(Utf8JsonWriter json, TimeSpan wait)
    {
        json.WriteStartObject();
        json.WriteString("@type", Types + "RetryInfo");
        json.WriteString("retryDelay", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, wait.TotalSeconds):0.###}s"));
        json.WriteEndObject();
    }
}
