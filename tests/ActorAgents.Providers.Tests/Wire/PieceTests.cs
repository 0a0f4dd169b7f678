using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class PieceTests : WireTest
{
    [Fact]
    public async Task A_piece_with_an_empty_id_has_none()
    {
        var frame = """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"model-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":null}]}""";
        await using var server = WireServer.Streaming("openai", [frame, .. Frames.End("openai", full: false)]);
        using var client = ProviderClient.Create(server.Options("openai"), environment: _ => null);
        var updates = new List<ChatResponseUpdate>();

        await foreach (var update in client.GetStreamingResponseAsync("Hi")) updates.Add(update);

        var piece = Assert.Single(updates.SelectMany(update => update.Contents).OfType<ToolCallArgumentsContent>());
        Assert.Equal((null, "f", "{}"), (piece.CallId, piece.Name, piece.Piece));
    }
}
