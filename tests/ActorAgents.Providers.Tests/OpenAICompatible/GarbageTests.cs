using System.Text;
using ActorAgents.Providers.Tests.OpenAICompatible.Servers;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

/// <summary>Whatever a server sends, reading it ends, and fails with nothing but the one exception that callers expect.</summary>
public sealed class GarbageTests
{
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        Wire.Text("Hel") + Wire.Delta("""
            "reasoning":"hm","tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}]
            """.Trim()) + Wire.Finish("tool_calls") + Wire.Event("""{"choices":[],"usage":{"prompt_tokens":1}}""") + Wire.Event("""{"error":{"message":"no","code":"429"}}""") + Wire.Done);

    [Property(MaxTest = 500)]
    public void Bytes_at_random(byte[] bytes) => Read(bytes);

    [Property(MaxTest = 500)]
    public void Bytes_at_random_as_the_data_of_an_event(byte[] bytes) => Read([.. "data: "u8, .. bytes, .. "\n\n"u8]);

    [Property(MaxTest = 2000)]
    public void An_answer_with_a_few_bytes_changed(byte[] noise, int place)
    {
        var bytes = Answer.ToArray();
        for (var i = 0; i < noise.Length; i++) bytes[(int)((uint)(place * 31 + i * i * 7) % bytes.Length)] = noise[i];
        Read(bytes);
    }

    [Property(MaxTest = 1000)]
    public void JSON_of_unexpected_shape(byte[] choices) => Read(Encoding.UTF8.GetBytes(Wire.Event(new Shapes(choices).Next(0))));

    [Property(MaxTest = 200)]
    public void Bytes_at_random_on_the_socket_after_the_status(byte[] bytes, bool isChunked)
    {
        ReadFromSocketAsync([.. Encoding.ASCII.GetBytes(isChunked ? Wire.ChunkedHead : "HTTP/1.1 200 OK\r\n"), .. bytes]).SoonAsync().GetAwaiter().GetResult();
    }

    private static async Task ReadFromSocketAsync(byte[] response)
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var reading = ReadAsync(server.Client(http));
        using (var connection = await server.AcceptAsync()) await connection.SendAsync(response);
        await reading;
    }

    private static void Read(byte[] body)
    {
        foreach (var type in (string[])["text/event-stream", "application/json"]) ReadAsync(PiecewiseHandler.Client([body], type)).SoonAsync().GetAwaiter().GetResult();
    }

    private static async Task ReadAsync(IChatClient client)
    {
        try { await client.ReadAsync(); }
        catch (ProviderException failure) { Assert.False(string.IsNullOrWhiteSpace(failure.Message)); }
    }

    /// <summary>Makes JSON whose names are a completion's and whose values are anything.</summary>
    private sealed class Shapes(byte[] choices)
    {
        private static readonly string[] Names =
        [
            "id", "created", "model", "choices", "delta", "message", "content", "tool_calls", "function", "name", "arguments", "index", "finish_reason", "usage", "prompt_tokens",
            "prompt_tokens_details", "cached_tokens", "error", "code", "type", "detail", "refusal", "reasoning", "reasoning_content", "text",
        ];

        private int _at;

        public string Next(int depth) => (depth == 0 ? 0 : depth > 6 ? 2 + Choice(6) : Choice(8)) switch
        {
            0 => $"{{{string.Join(",", Enumerable.Range(0, 1 + Choice(4)).Select(_ => $"\"{Names[Choice(Names.Length)]}\":{Next(depth + 1)}"))}}}",
            1 => $"[{string.Join(",", Enumerable.Range(0, Choice(3)).Select(_ => Next(depth + 1)))}]",
            2 => "null",
            3 => "\"stop\"",
            4 => "\"\"",
            5 => "-1e400",
            6 => "99999999999999999999",
            _ => "0",
        };

        private int Choice(int count) => choices.Length == 0 ? 0 : choices[_at++ % choices.Length] % count;
    }
}
