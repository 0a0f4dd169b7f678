using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>One answer of a server: reads its events, and says as a failure what cannot be read.</summary>
internal sealed class Answer(HttpResponseMessage response, ServerFailures failures, int maxBytes)
{
    private readonly CompletionReader _reader = new();

    /// <summary>Whether the server has said that nothing follows.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether it is no stream of events, whatever was asked for. Servers that give no or an odd type mean events.</summary>
    public bool IsWhole => MediaType is "application/json" or "text/html";

    private string? MediaType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>The update in an event; null when it has none.</summary>
    /// <exception cref="ProviderException">It is an error, or cannot be read.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return null;
        }
        ChatResponseUpdate? update;
        try { update = _reader.Read(data); }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            var place = exception is JsonException { BytePositionInLine: { } at } ? $", byte {at}" : ""; // Its message would quote the answer.
            throw failures.Unreadable($"an event of {data.Length} bytes is not the JSON of a completion{place}.", response, exception);
        }
        return _reader.Error is { } error ? throw failures.InAnswer(error, response) : update;
    }

    /// <summary>The last update.</summary>
    /// <exception cref="ProviderException">The answer was cut.</exception>
    public ChatResponseUpdate? End(bool isWithinEvent)
    {
        if (!IsDone && !_reader.IsFinished)
            throw failures.Truncated(isWithinEvent ? "in the middle of an event" : $"without a finish reason (its type: {MediaType ?? "none"})", response);
        return _reader.End();
    }

    /// <summary>A completion that came as a whole. It has no pieces of calls.</summary>
    public async Task<List<ChatResponseUpdate>> ReadWholeAsync(CancellationToken token)
    {
        ReadOnlyMemory<byte> body;
        try { body = await Body.ReadAsync(response.Content, maxBytes, token).ConfigureAwait(false); }
        catch (Exception exception) when (ServerFailures.IsOfConnection(exception)) { throw failures.Of(exception, token); }
        if (body.Length == maxBytes) throw failures.Unreadable($"it is larger than {maxBytes:N0} bytes.", response);
        if (MediaType == "text/html") throw failures.Unreadable("it is a page for a browser. Does the endpoint end in /v1?", response);
        var updates = new List<ChatResponseUpdate>(2);
        if (Read(body.Span) is { } update) updates.Add(update);
        if (_reader.End() is { } last) updates.Add(last);
        if (updates.Count == 0) throw failures.Unreadable("it has no choices.", response);
        foreach (var part in updates) part.Contents = [.. part.Contents.Where(content => content is not ToolCallArgumentsContent)];
        return updates;
    }

    public Exception Failed(Exception exception, CancellationToken token) =>
        exception is InvalidDataException ? failures.Unreadable(exception.Message, response, exception) : failures.Of(exception, token);
}
