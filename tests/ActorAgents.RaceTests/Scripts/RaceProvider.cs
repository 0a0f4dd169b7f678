using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>Plays the scripts of all turns. A request says whose it is by its model id.</summary>
internal sealed class RaceProvider(RaceBooks books) : IChatClient
{
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var turn = books.Turns[int.Parse(options!.ModelId!)];
        if (Pairs.Mistake(messages) is { } mistake) books.Violate($"{turn.Name}: its request has {mistake}.");
        return new RaceStream(turn, books, turn.NextCall(), cancellationToken);
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;
    public void Dispose() { }
}

/// <summary>Looks for calls without results and results without calls.</summary>
internal static class Pairs
{
    public static string? Mistake(IEnumerable<ChatMessage> messages)
    {
        List<string>? open = null;
        foreach (var message in messages)
        {
            if (message.Role != ChatRole.Tool && open is { Count: > 0 }) return $"no result for call {open[0]} before the next message";
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case FunctionCallContent call: (open ??= []).Add(call.CallId); break;
                    case FunctionResultContent result when open is not { Count: > 0 }: return $"a result without its call ({result.CallId})";
                    case FunctionResultContent result when open[0] != result.CallId: return $"a result out of order ({result.CallId}, not {open[0]})";
                    case FunctionResultContent: open!.RemoveAt(0); break;
                }
            }
        }
        return open is { Count: > 0 } ? $"no result for call {open[0]}" : null;
    }
}
