namespace ActorAgents;

/// <summary>How many events readers are behind the logs they read. Readers that have seen the end are not among them.</summary>
internal struct ReaderLag
{
    private long _sum;
    private int _readers;

    /// <summary>Of the one that is furthest behind; 0 when nobody reads.</summary>
    public long Furthest { get; private set; }

    /// <summary>0 when nobody reads.</summary>
    public readonly double Mean => _readers == 0 ? 0 : (double)_sum / _readers;

    public void Add(long events)
    {
        _sum += events;
        _readers++;
        Furthest = Math.Max(Furthest, events);
    }
}
