namespace ActorAgents.Pages;

/// <summary>
/// Measures for all who look at the same agents, and only while somebody does: what it costs does not grow with them. Two frames a second. Thread-safe.
/// </summary>
internal sealed class DashboardSampler(IAgents agents, TimeProvider time, string? tenant, IClusterView? cluster = null)
{
    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<Viewer> _viewers = [];
    private DashboardGauges? _gauges; // There are some exactly while there are viewers.
    private ITimer? _timer;

    /// <summary>Whether somebody looks.</summary>
    public bool IsRunning
    {
        get { lock (_lock) return _gauges is not null; }
    }

    /// <summary>Shows a first frame before it returns and further ones, on any thread, until the viewer leaves.</summary>
    /// <param name="fail">Is told once that a frame could not be made. There are no further ones until a viewer comes anew.</param>
    /// <returns>Dispose it to leave.</returns>
    public IDisposable Watch(Action<DashboardSnapshot> show, Action<Exception> fail)
    {
        var viewer = new Viewer(this, show, fail);
        DashboardSnapshot first;
        lock (_lock)
        {
            _gauges ??= new DashboardGauges(agents, time, tenant, cluster);
            _timer ??= time.CreateTimer(static sampler => ((DashboardSampler)sampler!).Show(), this, Frame, Timeout.InfiniteTimeSpan);
            try
            {
                first = _gauges.Take();
            }
            catch when (_viewers.Count == 0)
            {
                Stop();
                throw;
            }
            _viewers.Add(viewer);
        }
        show(first);
        return viewer;
    }

    /// <summary>Shows everybody what is now, for instance after one of them changed it.</summary>
    public void Show()
    {
        Viewer[] viewers;
        DashboardSnapshot? frame = null;
        Exception? failure = null;
        lock (_lock)
        {
            if (_gauges is null) return;
            viewers = [.. _viewers];
            try
            {
                frame = _gauges.Take();
                _timer!.Change(Frame, Timeout.InfiniteTimeSpan);
            }
            catch (Exception e) // Nobody could catch it on the timer's thread; the viewers report it.
            {
                failure = e;
                _viewers.Clear();
                Stop();
            }
        }
        foreach (var viewer in viewers)
            if (frame is not null) viewer.Show(frame);
            else viewer.Fail(failure!);
    }

    private void Leave(Viewer viewer)
    {
        lock (_lock)
            if (_viewers.Remove(viewer) && _viewers.Count == 0) Stop();
    }

    private void Stop()
    {
        _timer?.Dispose();
        _gauges?.Dispose();
        (_timer, _gauges) = (null, null);
    }

    private sealed class Viewer(DashboardSampler sampler, Action<DashboardSnapshot> show, Action<Exception> fail) : IDisposable
    {
        public void Show(DashboardSnapshot frame) => show(frame);

        public void Fail(Exception failure) => fail(failure);

        public void Dispose() => sampler.Leave(this);
    }
}
