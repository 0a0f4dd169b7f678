using System.Collections.Concurrent;
using System.Globalization;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;

namespace ActorAgents.Cluster.ProcessTests.Load;

/// <summary>Turns that go on while nodes come and go: in each slot one after the other, of agents that are left after some. What any reader or conversation shows that is wrong is a fault.</summary>
internal sealed class TurnLoad
{
    private const int TurnsOfAgent = 10, Tokens = 100;

    private readonly HttpClient _client;
    private readonly Func<string> _at;
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentBag<TimeSpan> _resumed = [], _withdrawn = [];
    private readonly List<Task> _slots;
    private int _ended;
    private volatile bool _over;

    /// <param name="at">The address to ask next.</param>
    public TurnLoad(HttpClient client, Func<string> at, int slots)
    {
        (_client, _at) = (client, at);
        _slots = [.. Enumerable.Range(0, slots).Select(TurnsAsync)];
    }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How long readers whose connection was lost had nothing.</summary>
    public IReadOnlyCollection<TimeSpan> Resumed => _resumed;

    /// <summary>How long readers had nothing before what they had was withdrawn in part: their turns went on at another node.</summary>
    public IReadOnlyCollection<TimeSpan> Withdrawn => _withdrawn;

    /// <summary>Starts no more turns and waits for those that go on.</summary>
    public Task StopAsync()
    {
        _over = true;
        return Task.WhenAll(_slots);
    }

    /// <summary>What was seen, for people.</summary>
    public IEnumerable<string> Report()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"turns that ended: {_ended}");
        foreach (var fault in Enum.GetValues<Fault>()) yield return $"{fault}: {_faults.Count(text => text.Contains($"SequenceException: {fault}", StringComparison.Ordinal))}";
        yield return $"inputs lost: {_faults.Count(text => text.Contains("is lost.", StringComparison.Ordinal))}, calls without one result: {_faults.Count(text => text.Contains("The call", StringComparison.Ordinal))}, other faults: {_faults.Count(IsOther)}";
        yield return Times("readers that lost their connection had the next event after", _resumed);
        yield return Times("readers whose turn went on elsewhere had nothing for", _withdrawn);
        foreach (var fault in _faults.Take(100)) yield return fault;
    }

    private static string Times(string what, IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0) return $"{what}: none";
        var sorted = times.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{what} ({sorted.Count}): p50 {sorted[sorted.Count / 2].TotalSeconds:0.00} s, p99 {sorted[sorted.Count * 99 / 100].TotalSeconds:0.00} s, at most {sorted[^1].TotalSeconds:0.00} s");
    }

    private static bool IsOther(string fault) => !fault.Contains("SequenceException", StringComparison.Ordinal) && !fault.Contains("is lost.", StringComparison.Ordinal) && !fault.Contains("The call", StringComparison.Ordinal);

    private async Task TurnsAsync(int slot)
    {
        for (var round = 0; !_over; round++)
        {
            var agent = new AgentClient(_client, _at, $"{NodeFolder.Kind}/{slot}-{round}");
            var accepted = new List<string>();
            for (var turn = 0; turn < TurnsOfAgent && !_over; turn++)
                if (await TurnAsync(agent, $"t{turn}", turn) is { } input) accepted.Add(input);
            await TryAsync(agent, "conversation", async () =>
            {
                foreach (var fault in ConversationCheck.Faults(await agent.MessagesAsync(), accepted)) _faults.Enqueue($"{agent.Name}: {fault}");
            });
        }
    }

    /// <returns>The input; null when it was not taken.</returns>
    private async Task<string?> TurnAsync(AgentClient agent, string turn, int number)
    {
        var tool = number % 4 == 3;
        var input = tool ? $"do a long task of {2 + number} seconds" : $"count to {Tokens + number}";
        if (!await TryAsync(agent, $"start of {turn}", () => agent.StartAsync(turn, input))) return null;
        var reader = agent.Read(turn);
        await TryAsync(agent, turn, () => reader.ReadToEndAsync());
        foreach (var time in reader.Resumed) _resumed.Add(time);
        foreach (var time in reader.Withdrawn) _withdrawn.Add(time);
        if (reader.Seen.End is null) return input; // It is among the faults already.
        Interlocked.Increment(ref _ended);
        if (reader.Seen.End != "completed") _faults.Enqueue($"{agent.Name} {turn} ended as {reader.Seen.End}: {reader.Seen.EndData}");
        else if (!tool && reader.Seen.Text != Numbers(Tokens + number)) _faults.Enqueue($"{agent.Name} {turn} reads: {reader.Seen.Text}");
        return input;
    }

    private async Task<bool> TryAsync(AgentClient agent, string what, Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception e)
        {
            _faults.Enqueue($"{agent.Name}, {what}: {e.GetType().Name}: {e.Message}");
            return false;
        }
    }

    /// <summary>What the embedded provider answers to "count to {last}".</summary>
    public static string Numbers(int last) => string.Join(", ", Enumerable.Range(1, last)) + ".";
}
