using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>A message of JSON-RPC, checked before the SDK reads it: what is malformed is named, and nothing in it can break the reader.</summary>
internal static class McpMessage
{
    /// <exception cref="HttpErrorException">A part of the message, or of the params of a method that matters here, is missing or malformed; the error names it.</exception>
    public static void Check(RequestObject message)
    {
        if (message.RequiredText("jsonrpc") != "2.0") throw message.Wrong("jsonrpc", "\"2.0\"");
        CheckId(message, "id");
        if (message.Text("method") is not { } method)
        {
            if (message.Find("result") is null && message.Find("error") is null) throw message.Missing("method", "a string");
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
        if (within.Find(name) is { } id && !(id.ValueKind == JsonValueKind.String || id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _)))
            throw within.Wrong(name, "a string or a whole number of 64 bits");
    }
}
