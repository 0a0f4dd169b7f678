using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore.Tests.Security;

public sealed class RequestLimiterTests
{
    [Fact]
    public async Task Once_disposed_none_of_its_bounds_keeps_a_timer_or_a_partition()
    {
        var limiter = new RequestLimiter(new ActorAgentsHttpOptions { PerKey = new(0, 0), PerTenant = new(0, 0) });

        await limiter.DisposeAsync();

        Assert.Equal(4, limiter.Bounds.Count);
        Assert.All(limiter.Bounds, bound => Assert.Throws<ObjectDisposedException>(() => bound.AttemptAcquire(new DefaultHttpContext())));
    }
}
