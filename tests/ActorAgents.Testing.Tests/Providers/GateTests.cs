namespace ActorAgents.Testing.Tests;

public sealed class GateTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Release_lets_one_on_in_order_of_arrival()
    {
        var (first, second) = (_gate.WaitAsync(), _gate.WaitAsync());
        _gate.Release();

        await first;
        Assert.False(second.IsCompleted);
        Assert.Equal((2, 1), (_gate.Arrivals, _gate.Waiting));
    }

    [Fact]
    public void Release_before_anybody_came_lets_the_next_one_through()
    {
        _gate.Release();

        Assert.True(_gate.WaitAsync().IsCompleted);
        Assert.False(_gate.WaitAsync().IsCompleted);
    }

    [Fact]
    public void An_open_gate_stays_open()
    {
        _gate.Open();

        Assert.True(_gate.WaitAsync().IsCompleted);
        Assert.True(_gate.WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task One_who_gave_up_takes_nobodys_place()
    {
        using var stop = new CancellationTokenSource();
        var impatient = _gate.WaitAsync(stop.Token);
        var patient = _gate.WaitAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        _gate.Release();
        await patient;
    }

    [Fact]
    public async Task Arrivals_can_be_awaited_before_and_after_they_happen()
    {
        var two = _gate.ReachedAsync(2);
        _ = _gate.WaitAsync();
        Assert.False(two.IsCompleted);
        _ = _gate.WaitAsync();

        await two;
        await _gate.ReachedAsync(2);
    }

    [Fact]
    public async Task An_arrival_at_the_very_moment_somebody_starts_to_wait_for_it_is_not_lost()
    {
        using var together = new Barrier(2);
        for (var round = 0; round < 20_000; round++)
        {
            var gate = new Gate();
            var arriving = Task.Run(() => { together.SignalAndWait(); _ = gate.WaitAsync(); });
            together.SignalAndWait();
            await Task.WhenAll(gate.ReachedAsync(), arriving);
        }
    }
}
