namespace ActorAgents.Pages;

/// <summary>The readings of the whole process, from when somebody began to look until nobody does.</summary>
internal sealed class NodeGauges : IDisposable
{
    private const int Calm = 5; // Seconds over which a rate is shown, so that it can be read.

    private readonly DashboardMeters _meters = new();
    private readonly Series _chunks = new(), _completed = new(), _interrupted = new(), _failed = new(), _ended = new(), _firstToken = new(), _cpu = new(), _memory = new();
    private (RuntimeStatus Status, long Chunks) _last;
    private ProcessReading _process = ProcessReading.Take();
    private (long Furthest, double Mean) _lag;
    private Spark _chunksSpark = Spark.Empty, _endedSpark = Spark.Empty, _firstTokenSpark = Spark.Empty, _cpuSpark = Spark.Empty, _memorySpark = Spark.Empty;

    public NodeGauges(RuntimeStatus status, long chunks) => _last = (status, chunks);

    public void MoveTo(TimeSpan sinceStart) => _meters.MoveTo(sinceStart);

    /// <summary>Ends a second, or several when the machine was too busy for one: each then gets the mean of them.</summary>
    public void EndSeconds(int seconds, TimeSpan took, RuntimeStatus status, long chunks)
    {
        var (before, process) = (_last, ProcessReading.Take());
        process = process with { CpuLoad = (process.Cpu - _process.Cpu) / took };
        (_last, _process, _lag) = ((status, chunks), process, _meters.MeasureLag());
        var firstToken = _meters.FirstToken.Sum().P95?.TotalSeconds ?? double.NaN;
        for (; seconds > 0; seconds--)
        {
            _chunks.Push(Rate(before.Chunks, chunks));
            _completed.Push(Rate(before.Status.Completed, status.Completed));
            _interrupted.Push(Rate(before.Status.Interrupted, status.Interrupted));
            _failed.Push(Rate(before.Status.Failed, status.Failed));
            _ended.Push(Rate(Ended(before.Status), Ended(status)));
            _firstToken.Push(firstToken);
            _cpu.Push(process.CpuLoad);
            _memory.Push(process.WorkingSet);
        }
        (_chunksSpark, _endedSpark, _firstTokenSpark, _cpuSpark, _memorySpark) =
            (Spark.Of(_chunks), Spark.Of(_ended), Spark.Of(_firstToken), Spark.Of(_cpu), Spark.Of(_memory));

        double Rate(long from, long to) => (to - from) / took.TotalSeconds;
    }

    public NodeReading Read(RuntimeStatus status) => new(
        status, _chunks.MeanOfLast(Calm), _completed.MeanOfLast(Calm), _interrupted.MeanOfLast(Calm), _failed.MeanOfLast(Calm), _chunksSpark, _endedSpark, _firstTokenSpark,
        _meters.FirstToken.Sum(), _meters.Turns.Sum(), _meters.Queue.Sum(), _meters.Tools(), _meters.Interruptions(), _meters.Failures(),
        _lag.Furthest, _lag.Mean, _process, _cpuSpark, _memorySpark);

    public void Dispose() => _meters.Dispose();

    private static long Ended(in RuntimeStatus status) => status.Completed + status.Interrupted + status.Failed;
}
