using System.Text;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>What servers send.</summary>
internal static class Wire
{
    public const string EventsHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n";
    public const string ChunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    public const string Done = "data: [DONE]\n\n";

    public static string Event(string json) => $"data: {json}\n\n";

    public static string Delta(string members, string finish = "null") =>
        Event($$"""{"id":"chatcmpl-7","object":"chat.completion.chunk","created":1700000000,"model":"model-1","choices":[{"index":0,"delta":{{{members}}},"finish_reason":{{finish}}}]}""");

    public static string Text(string text) => Delta($"\"content\":\"{text}\"");

    public static string Finish(string reason = "stop") => Delta("", $"\"{reason}\"");

    public static string Chunk(string data) => $"{Encoding.UTF8.GetByteCount(data):x}\r\n{data}\r\n";

    public static string Status(string status, string body, string headers = "", string type = "application/json") =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";
}
