using System.Diagnostics;

namespace ActorAgents.Benchmarks.Peers;

/// <summary>A way to read turns, which is measured beside others.</summary>
internal abstract class Peer(string name)
{
    /// <summary>How many turns of a conversation every peer keeps: they live through collections, so all must keep as many.</summary>
    protected const int KeptTurns = 10;

    private double[]? _firsts;
    private int _timed;

    public string Name { get; } = name;

    /// <summary>Runs turns one after the other and checks the text of each. Workers run side by side, each with a conversation of its own.</summary>
    public abstract Task RunAsync(int worker, int turns);

    public Task RunAllAsync(int workers, int turns) => Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => RunAsync(worker, turns))));

    /// <summary>Microseconds from asking to the first chunk of turns run one after the other, on an otherwise quiet runtime.</summary>
    public async Task<double[]> TimeFirstsAsync(int turns)
    {
        (_firsts, _timed) = (new double[turns], 0);
        await Task.Run(() => RunAsync(0, turns));
        var firsts = _firsts;
        _firsts = null;
        return firsts;
    }

    /// <summary>By the reader, when it holds its first chunk.</summary>
    protected void First(long asked)
    {
        if (_firsts is { } firsts) firsts[_timed++] = Stopwatch.GetElapsedTime(asked).TotalMicroseconds;
    }
}
