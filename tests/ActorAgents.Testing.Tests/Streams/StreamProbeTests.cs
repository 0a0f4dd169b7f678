namespace ActorAgents.Testing.Tests;

public sealed class StreamProbeTests
{
    private readonly Gate _gate = new();
    private bool _left;

    [Fact]
    public async Task It_pulls_nothing_before_it_is_asked_to()
    {
        var pulled = 0;
        await using var probe = Counted().Probe();
        Assert.Equal(0, pulled);
        Assert.Equal(1, await probe.NextAsync());
        Assert.Equal(1, pulled);

        async IAsyncEnumerable<int> Counted()
        {
            await Task.CompletedTask;
            while (true) yield return ++pulled;
        }
    }

    [Fact]
    public async Task It_gives_elements_in_order_and_then_the_end()
    {
        await using var probe = Numbers(3).Probe();

        Assert.Equal([1, 2], await probe.NextAsync(2));
        Assert.Equal([1, 2, 3], await probe.ReadAllAsync());
        await probe.ExpectCompleteAsync();
        Assert.Equal([1, 2, 3], probe.Seen);
    }

    [Fact]
    public async Task It_tells_what_came_in_place_of_what_was_expected()
    {
        await using var probe = Numbers(1).Probe();

        Assert.Contains("gave 1", (await Assert.ThrowsAsync<StreamProbeException>(() => probe.ExpectCompleteAsync())).Message);
        Assert.Contains("completed after 1 element", (await Assert.ThrowsAsync<StreamProbeException>(() => probe.NextAsync())).Message);
        Assert.Contains("completed", (await Assert.ThrowsAsync<StreamProbeException>(() => probe.ExpectFailureAsync<IOException>())).Message);
    }

    [Fact]
    public async Task A_silent_stream_has_not_failed()
    {
        await using var probe = Silent().Probe(TimeSpan.FromMilliseconds(10));

        Assert.Contains("nothing came", (await Assert.ThrowsAsync<TimeoutException>(() => probe.ExpectFailureAsync<TimeoutException>())).Message);

        static async IAsyncEnumerable<int> Silent([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield break;
        }
    }

    [Fact]
    public async Task It_checks_the_type_of_an_element()
    {
        await using var probe = new object[] { "a", 1 }.ToAsyncEnumerable().Probe();

        Assert.Equal("a", await probe.NextAsync<string>());
        await Assert.ThrowsAsync<StreamProbeException>(() => probe.NextAsync<string>());
    }

    [Fact]
    public async Task A_silent_stream_is_pending_until_it_speaks()
    {
        await using var probe = AfterGate().Probe();

        Assert.True(probe.TryPending());
        await probe.ExpectNoEventAsync();
        await probe.ExpectNoEventAsync(until: _gate.ReachedAsync());
        _gate.Open();
        Assert.Equal(1, await probe.NextAsync());
    }

    [Fact]
    public async Task An_event_where_none_was_expected_is_told()
    {
        await using var probe = Numbers(1).Probe();

        Assert.Contains("gave 1", (await Assert.ThrowsAsync<StreamProbeException>(() => probe.ExpectNoEventAsync())).Message);
        Assert.Equal(1, await probe.NextAsync());
    }

    [Fact]
    public async Task A_wait_that_runs_out_tells_how_far_the_stream_had_come_and_the_question_stays_open()
    {
        await using var probe = AfterGate().Probe(TimeSpan.FromMilliseconds(1));

        Assert.Contains("nothing came after 0.001 s", (await Assert.ThrowsAsync<TimeoutException>(() => probe.NextAsync())).Message);
        Assert.True(probe.TryPending());
        Assert.Equal(1, _gate.Arrivals);
    }

    [Fact]
    public async Task Failures_come_through_as_they_are()
    {
        await using var probe = MockFailure().Probe();

        Assert.Equal("broken", (await probe.ExpectFailureAsync<IOException>()).Message);
    }

    [Fact]
    public async Task Leaving_an_unanswered_stream_cancels_it_and_disposes_it_at_rest()
    {
        var probe = AfterGate().Probe();
        probe.Pull();
        await probe.DisposeAsync();

        Assert.True(_left);
    }

    [Fact]
    public async Task It_keeps_the_rules_that_the_scripted_provider_checks()
    {
        var provider = new ScriptedProvider(Script.Text("a").Stall());
        var probe = provider.Ask().Probe();
        await probe.NextAsync();
        probe.Pull();
        probe.Pull();
        await probe.DisposeAsync();

        Assert.Empty(provider.Violations);
        Assert.Equal((1, 0), (provider.CancellationsSeen, provider.InFlight));
    }

    private static IAsyncEnumerable<int> Numbers(int count) => Enumerable.Range(1, count).ToAsyncEnumerable();

    private async IAsyncEnumerable<int> AfterGate([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await _gate.WaitAsync(cancellationToken);
            yield return 1;
        }
        finally
        {
            _left = true;
        }
    }

    private static async IAsyncEnumerable<int> MockFailure()
    {
        await Task.Yield();
        if (Environment.ProcessorCount > 0) throw new IOException("broken");
        yield return 1;
    }
}
