using ActorAgents.Testing;

namespace ActorAgents.Tests;

/// <summary>What tests of turns say over and over.</summary>
internal static class TurnProbes
{
    public static TurnOptions Called(string id) => new() { TurnId = new TurnId(id) };

    /// <summary>Reads until so much text has come.</summary>
    public static async Task ReadTextAsync(this StreamProbe<TurnEvent> probe, string text)
    {
        while (probe.Seen.Text() != text) await probe.NextAsync();
    }

    /// <summary>Reads until so much text has come, asks for more, and waits until the provider is silent at the gate.</summary>
    public static async Task ReadUpToAsync(this StreamProbe<TurnEvent> probe, string text, Gate silent)
    {
        await probe.ReadTextAsync(text);
        probe.Pull();
        await silent.ReachedAsync();
    }

    /// <summary>Reads to the one terminal event, which must be of that type and end the stream. Places must be without gap.</summary>
    public static async Task<TTerminal> ReadEndAsync<TTerminal>(this StreamProbe<TurnEvent> probe) where TTerminal : TerminalEvent
    {
        while (await probe.NextAsync() is not TerminalEvent) { }
        await probe.ExpectCompleteAsync();
        var first = probe.Seen[0].Seq;
        Assert.Equal(Enumerable.Range(0, probe.Seen.Count).Select(i => first + i), probe.Seen.Select(next => next.Seq));
        return Assert.IsType<TTerminal>(probe.Seen[^1]);
    }

    public static async Task ReadInterruptedAsync(this StreamProbe<TurnEvent> probe, InterruptReason reason, string partial)
    {
        var end = await probe.ReadEndAsync<TurnInterrupted>();
        Assert.Equal((reason, partial), (end.Reason, end.Partial));
    }

    /// <summary>The conversation, a line each: <c>user: go (interrupted)</c>.</summary>
    public static async Task<string[]> HistoryAsync(this Agent agent) => [.. (await agent.GetMessagesAsync()).Select(message =>
        $"{message.Role}: {message.Text}" + (message.AdditionalProperties?.TryGetValue("actoragents.state", out var state) == true ? $" ({state})" : ""))];

    /// <summary>What a provider was sent, a line each.</summary>
    public static string[] Lines(this RecordedRequest request) => [.. request.Messages.Lines()];

    /// <summary>Moves time on until the turn answers the open question, however long its threads take to ask and to notice.</summary>
    public static async Task AdvanceUntilItAnswersAsync(this VirtualTime time, StreamProbe<TurnEvent> probe)
    {
        for (var steps = 0; steps < 100_000 && probe.TryPending(); steps++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }
}
