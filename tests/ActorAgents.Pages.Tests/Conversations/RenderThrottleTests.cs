using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class RenderThrottleTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly SemaphoreSlim _rendered = new(0);

    [Fact]
    public async Task Renders_the_first_change_at_once_and_those_of_a_pause_together()
    {
        using var throttle = New();
        throttle.Touch(0);
        await RenderedAsync();

        for (var i = 0; i < 1000; i++) throttle.Touch(0);
        _time.Advance(TimeSpan.FromMilliseconds(59));
        Assert.Equal(0, _rendered.CurrentCount);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await RenderedAsync();
        Assert.Equal(0, _rendered.CurrentCount);
    }

    [Fact]
    public async Task Pauses_longer_when_there_is_more_to_render_again()
    {
        using var throttle = New();
        throttle.Touch(0);
        await RenderedAsync();

        throttle.Touch(100_000);
        _time.Advance(TimeSpan.FromMilliseconds(1059));
        Assert.Equal(0, _rendered.CurrentCount);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await RenderedAsync();
    }

    [Fact]
    public async Task Renders_nothing_once_it_is_disposed()
    {
        var throttle = New();
        throttle.Touch(0);
        await RenderedAsync();
        throttle.Touch(0);

        throttle.Dispose();
        throttle.Touch(0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _rendered.CurrentCount);
    }

    private RenderThrottle New() => new(_time, () => _rendered.Release());

    private async Task RenderedAsync() => Assert.True(await _rendered.WaitAsync(TimeSpan.FromSeconds(20)), "Nothing was rendered.");
}
