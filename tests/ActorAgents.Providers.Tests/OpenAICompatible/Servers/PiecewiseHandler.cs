using System.Net;
using System.Net.Http.Headers;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>Answers without a network: a body whose reads give the pieces one by one, however large the reader's buffer is.</summary>
internal sealed class PiecewiseHandler(IReadOnlyList<byte[]> pieces, string type = "text/event-stream") : HttpMessageHandler
{
    /// <summary>A client whose every answer is this body.</summary>
    public static OpenAICompatibleChatClient Client(IReadOnlyList<byte[]> pieces, string type = "text/event-stream", OpenAICompatibleOptions? options = null) =>
        new(new HttpClient(new PiecewiseHandler(pieces, type)), new Uri("http://server.test/v1"), "model-1", options: options);

    public static OpenAICompatibleChatClient Client(string body, string type = "text/event-stream", OpenAICompatibleOptions? options = null) =>
        Client([System.Text.Encoding.UTF8.GetBytes(body)], type, options);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new StreamContent(new PiecewiseStream(pieces));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
    }

    private sealed class PiecewiseStream(IReadOnlyList<byte[]> pieces) : MemoryStream
    {
        private int _piece, _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_piece < pieces.Count && _at == pieces[_piece].Length) (_piece, _at) = (_piece + 1, 0);
            if (_piece == pieces.Count) return new(0);
            var count = Math.Min(buffer.Length, pieces[_piece].Length - _at);
            pieces[_piece].AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return new(count);
        }
    }
}
