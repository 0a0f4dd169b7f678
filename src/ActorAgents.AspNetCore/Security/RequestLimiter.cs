using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Bounds what one key and one tenant ask. A stream counts as long as it lasts.</summary>
internal sealed class RequestLimiter : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _rate;
    private readonly PartitionedRateLimiter<HttpContext> _atOnce;
    private readonly PartitionedRateLimiter<HttpContext>[] _bounds;

    public RequestLimiter(ActorAgentsHttpOptions options)
    {
        _bounds = [Rate(KeyOf, options.PerKey), Rate(TenantOf, options.PerTenant), Concurrency(KeyOf, options.PerKey), Concurrency(TenantOf, options.PerTenant)];
        (_rate, _atOnce) = (PartitionedRateLimiter.CreateChained(_bounds[..2]), PartitionedRateLimiter.CreateChained(_bounds[2..]));
    }

    public IReadOnlyList<PartitionedRateLimiter<HttpContext>> Bounds => _bounds;

    /// <summary>Counts a request and gives it its place; hold it until the request is answered.</summary>
    /// <exception cref="HttpErrorException">One of the bounds is reached.</exception>
    public RateLimitLease Enter(HttpContext http)
    {
        Count(http);
        return TakePlace(http);
    }

    /// <summary>Counts a request among those of a minute.</summary>
    /// <exception cref="HttpErrorException">The bound is reached.</exception>
    public void Count(HttpContext http) => Acquire(_rate, http).Dispose();

    /// <summary>A place among those that are answered at once; hold it until the request is answered.</summary>
    /// <exception cref="HttpErrorException">The bound is reached.</exception>
    public RateLimitLease TakePlace(HttpContext http) => Acquire(_atOnce, http);

    /// <summary>A chain disposes none of its links.</summary>
    public async ValueTask DisposeAsync()
    {
        await _rate.DisposeAsync();
        await _atOnce.DisposeAsync();
        foreach (var bound in _bounds) await bound.DisposeAsync();
    }

    private static RateLimitLease Acquire(PartitionedRateLimiter<HttpContext> limiter, HttpContext http)
    {
        var lease = limiter.AttemptAcquire(http);
        if (lease.IsAcquired) return lease;
        using (lease)
            throw new HttpErrorException(new(StatusCodes.Status429TooManyRequests, "rate_limited", "More requests than this key or its tenant may make, in a minute or at once. Wait and try again.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
            });
    }

    private static string? KeyOf(HttpContext http) => http.Settings().Options.Keys.Count == 0 ? null : http.User.FindFirstValue(ClaimTypes.Name);

    private static string? TenantOf(HttpContext http) => http.User.FindFirstValue(ActorAgentsClaims.Tenant);

    private static PartitionedRateLimiter<HttpContext> Rate(Func<HttpContext, string?> who, RequestLimits limits) => Limiter(who, limits.RequestsPerMinute > 0,
        name => RateLimitPartition.GetSlidingWindowLimiter(name, _ => new() { PermitLimit = limits.RequestsPerMinute, Window = Minute, SegmentsPerWindow = 6 }));

    private static PartitionedRateLimiter<HttpContext> Concurrency(Func<HttpContext, string?> who, RequestLimits limits) => Limiter(who, limits.Concurrent > 0,
        name => RateLimitPartition.GetConcurrencyLimiter(name, _ => new() { PermitLimit = limits.Concurrent }));

    private static PartitionedRateLimiter<HttpContext> Limiter(Func<HttpContext, string?> who, bool bounded, Func<string, RateLimitPartition<string>> limiter) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => bounded && who(http) is { } name ? limiter(name) : RateLimitPartition.GetNoLimiter(""));
}
