using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>Short runtimes for races between two or three parties.</summary>
internal static class Stage
{
    /// <summary>Longer than anything takes on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>A runtime with one kind of agent, <c>racer</c>, whose provider says what the function gives for each request.</summary>
    public static Task<AgentRuntime> StartAsync(
        Func<List<ChatMessage>, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> says, Action<AgentBuilder>? agent = null, Action<ActorAgentsBuilder>? more = null) =>
        AgentRuntime.StartAsync(builder =>
        {
            builder.AddProvider("default", new Client(says)).AddAgent("racer", a => agent?.Invoke(a));
            more?.Invoke(builder);
        });

    /// <summary>Says the pieces, yielding its thread between them.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Say(IEnumerable<string> pieces)
    {
        foreach (var piece in pieces)
        {
            if (Random.Shared.Next(2) == 0) await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }
        yield return Finish();
    }

    /// <summary>The same with a piece of reasoning before each.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Think(IEnumerable<string> pieces)
    {
        await foreach (var said in Say(pieces))
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]);
            if (Random.Shared.Next(2) == 0) await Task.Yield();
            yield return said;
        }
    }

    /// <summary>Asks for these tools.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Ask(params string[] tools)
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. tools.Select((tool, i) => new FunctionCallContent($"call{i}", tool))]);
        yield return Finish();
    }

    /// <summary>Says nothing until it is cancelled.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Wait([EnumeratorCancellation] CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(false);
        yield break;
    }

    public static async Task<List<TurnEvent>> ReadAsync(IAsyncEnumerable<TurnEvent> turn)
    {
        var events = new List<TurnEvent>();
        await foreach (var next in turn.ConfigureAwait(false)) events.Add(next);
        return events;
    }

    /// <summary>The task's result; a message that names the seed when it does not come.</summary>
    public static async Task<T> BoundAsync<T>(Task<T> task, string what, int seed)
    {
        try { return await task.WaitAsync(Patience).ConfigureAwait(false); }
        catch (TimeoutException) when (!task.IsCompleted) { throw new TimeoutException($"{what} hangs. Seed {seed}."); }
    }

    private static ChatResponseUpdate Finish() => new() { Role = ChatRole.Assistant, FinishReason = ChatFinishReason.Stop };

    private sealed class Client(Func<List<ChatMessage>, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> says) : IChatClient
    {
        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => says([.. messages], cancellationToken);

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;
        public void Dispose() { }
    }
}
