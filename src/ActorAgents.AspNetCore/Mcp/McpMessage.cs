using System.Buffers;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace ActorAgents.AspNetCore;

/// <summary>A message of JSON-RPC, checked before the SDK reads it: what is malformed is named, and nothing in it can break the reader.</summary>
internal static class McpMessage
{
    /// <summary>Of what names something: the SDK writes it into logs, and a session keeps its client's.</summary>
    private const int LongestName = 256;

    /// <summary>What the SDK keeps of a client as long as its session lives, some four times this.</summary>
    private const int LongestInitialize = 32 << 10;

    private static readonly string[] Members = ["jsonrpc", "id", "method", "params", "result", "error"];

    /// <summary>The message without the members that nobody reads: the SDK's reader stumbles over them.</summary>
    /// <exception cref="HttpErrorException">A part of the message, or of the params of a method that matters here, is missing or malformed; the error names it.</exception>
    public static (byte[] Json, bool IsRequest) Read(RequestObject message)
    {
        Check(message);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var member in Members)
            {
                if (message.Find(member) is not { } value) continue;
                json.WritePropertyName(member);
                value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        if (bytes.WrittenCount > LongestInitialize && message.Text("method") == "initialize")
            throw new HttpErrorException(HttpError.BadRequest($"'params' is too long: a session begins with at most {LongestInitialize} bytes.", "params"));
        return (bytes.WrittenSpan.ToArray(), message.Find("method") is not null && message.Find("id") is not null);
    }

    public static bool IsId(JsonElement id) => id.ValueKind == JsonValueKind.String && id.GetString()!.Length <= LongestName || id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _);

    private static void Check(RequestObject message)
    {
        if (message.RequiredText("jsonrpc") != "2.0") throw message.Wrong("jsonrpc", "\"2.0\"");
        if (message.Element.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Null) throw message.Wrong("id", "a string or a number; a notification has none");
        CheckId(message, "id");
        if (Name(message, "method") is not { } method)
        {
            if (message.Find("result") is null && message.Object("error") is null) throw message.Missing("method", "a string");
            if (message.Find("id") is null) throw message.Missing("id", "that of the request which is answered");
            return;
        }
        if (message.Object("params") is { } given) CheckParams(method, given);
        else if (method is "initialize" or "tools/call") throw message.Missing("params", "an object");
    }

    private static void CheckParams(string method, RequestObject given)
    {
        if (given.Object("_meta") is { } meta)
        {
            CheckId(meta, "progressToken");
            CheckClient(meta, "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/clientCapabilities");
        }
        _ = given.Text("cursor");
        switch (method)
        {
            case "initialize":
                _ = Name(given, "protocolVersion") ?? throw given.Missing("protocolVersion", "a string");
                if (given.Object("capabilities") is null) throw given.Missing("capabilities", "an object");
                if (given.Object("clientInfo") is null) throw given.Missing("clientInfo", "an object");
                CheckClient(given, "clientInfo", "capabilities");
                break;
            case "tools/call":
                _ = Name(given, "name") ?? throw given.Missing("name", "a string");
                _ = given.Object("arguments");
                _ = given.Text("requestState");
                _ = given.Object("inputResponses");
                break;
        }
    }

    private static void CheckClient(RequestObject given, string info, string capabilities)
    {
        if (given.Object(info) is { } client)
        {
            _ = Name(client, "name") ?? throw client.Missing("name", "a string");
            _ = Name(client, "version") ?? throw client.Missing("version", "a string");
            CheckForm<Implementation>(given, info);
        }
        if (given.Object(capabilities) is not null) CheckForm<ClientCapabilities>(given, capabilities);
    }

    private static void CheckForm<T>(RequestObject given, string name)
    {
        try
        {
            given.Find(name)!.Value.Deserialize<T>(McpJsonUtilities.DefaultOptions);
        }
        catch (JsonException malformed)
        {
            throw new HttpErrorException(given.Wrong(name, $"what the protocol says: {malformed.Message}").Error, malformed);
        }
    }

    private static void CheckId(RequestObject within, string name)
    {
        if (within.Find(name) is { } id && !IsId(id)) throw within.Wrong(name, $"a string of at most {LongestName} characters or a whole number of 64 bits");
    }

    private static string? Name(RequestObject within, string name) =>
        within.Text(name) is not { } value ? null : value.Length <= LongestName ? value : throw within.Wrong(name, $"at most {LongestName} characters long");
}
