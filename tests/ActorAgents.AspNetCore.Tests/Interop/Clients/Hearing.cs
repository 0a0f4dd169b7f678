using System.Threading.Channels;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>A client at work, and what it says.</summary>
internal sealed class Hearing : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Said> _said = Channel.CreateUnbounded<Said>();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _work;

    public Hearing(OfficialClient client, Uri server, Call call) => _work = Task.Run(async () =>
    {
        try { await client.CarryOutAsync(server, call, said => _said.Writer.TryWrite(said), _abort.Token); }
        finally { _said.Writer.Complete(); }
    });

    /// <summary>Aborts the call in the client's own way.</summary>
    public Task AbortAsync() => _abort.CancelAsync();

    public async Task<Said> NextAsync() => await _said.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Everything until the client is done.</summary>
    public async Task<List<Said>> RestAsync()
    {
        await _work.WaitAsync(Patience);
        var rest = new List<Said>();
        while (_said.Reader.TryRead(out var said)) rest.Add(said);
        return rest;
    }

    /// <summary>The same of an answer that must not fail.</summary>
    public async Task<List<Said>> AnswerAsync()
    {
        var answer = await RestAsync();
        if (answer.Find(said => said.Error is not null) is { Error: { } error }) Assert.Fail($"The client failed: {error}");
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await _work.WaitAsync(Patience);
        _abort.Dispose();
    }
}

internal static class SaidExtensions
{
    public static string Text(this IEnumerable<Said> answer) => string.Concat(answer.Select(said => said.Text));

    public static string Reasoning(this IEnumerable<Said> answer) => string.Concat(answer.Select(said => said.Reasoning));

    public static Problem Problem(this IEnumerable<Said> answer) => answer.Select(said => said.Error).SingleOrDefault(error => error is not null)
        ?? throw new InvalidOperationException($"The client did not fail; it showed {string.Join(", ", answer)}");
}
