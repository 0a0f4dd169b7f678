using System.Buffers;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>A message of JSON-RPC, checked before the SDK reads it: what is malformed is named, and nothing in it can break the reader.</summary>
internal static class McpMessage
{
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
        return (bytes.WrittenSpan.ToArray(), message.Find("method") is not null && message.Find("id") is not null);
    }

    public static bool IsId(JsonElement id) => id.ValueKind == JsonValueKind.String || id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _);

    private static void Check(RequestObject message)
    {
        if (message.RequiredText("jsonrpc") != "2.0") throw message.Wrong("jsonrpc", "\"2.0\"");
        if (message.Element.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Null) throw message.Wrong("id", "a string or a number; a notification has none");
        CheckId(message, "id");
        if (message.Text("method") is not { } method)
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
        if (given.Object("_meta") is { } meta) CheckId(meta, "progressToken");
        switch (method)
        {
            case "initialize":
                given.RequiredText("protocolVersion");
                if (given.Object("capabilities") is null) throw given.Missing("capabilities", "an object");
                var client = given.Object("clientInfo") ?? throw given.Missing("clientInfo", "an object");
                client.RequiredText("name");
                client.RequiredText("version");
                break;
            case "tools/call":
                given.RequiredText("name");
                _ = given.Object("arguments");
                break;
        }
    }

    private static void CheckId(RequestObject within, string name)
    {
        if (within.Find(name) is { } id && !IsId(id)) throw within.Wrong(name, "a string or a whole number of 64 bits");
    }
}
