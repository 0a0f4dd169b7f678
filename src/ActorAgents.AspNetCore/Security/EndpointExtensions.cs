using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Puts an application's own endpoints behind the checks of those here.</summary>
public static class ActorAgentsEndpointExtensions
{
    /// <summary>Takes callers with this scope only: by their key or, where there is none, from this machine; and no pages of other sites. The limits of key and tenant hold.</summary>
    /// <param name="scope">Of <see cref="ActorAgentsScopes"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static TBuilder RequireActorAgentsScope<TBuilder>(this TBuilder endpoints, string scope) where TBuilder : IEndpointConventionBuilder =>
        Guarded(endpoints, Policies.Of(scope));

    /// <summary>The same for pages: a browser is asked for a key once, at <c>/sign-in</c>. A page's connection is one request, however much is said over it. Needs <see cref="ActorAgentsHttpExtensions.MapActorAgentsSignIn"/>.</summary>
    public static TBuilder RequireActorAgentsSignIn<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        Guarded(endpoints, Policies.Pages, links: true);

    /// <summary>Refuses what no key would make right; asks for none.</summary>
    /// <param name="links">Links on other sites may lead there.</param>
    internal static TBuilder Guard<TBuilder>(this TBuilder endpoints, bool links = false) where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner)
                endpoint.RequestDelegate = http => AccessGuard.Refusal(http, links) is { } refusal ? ErrorShape.Of(http).WriteAsync(http, refusal) : inner(http);
        });
        return endpoints;
    }

    private static TBuilder Guarded<TBuilder>(TBuilder endpoints, string policy, bool links = false) where TBuilder : IEndpointConventionBuilder
    {
        endpoints.RequireAuthorization(policy).Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = http => LimitedAsync(http, inner);
        });
        return endpoints.Guard(links);
    }

    private static async Task LimitedAsync(HttpContext http, RequestDelegate inner)
    {
        try
        {
            using var lease = http.Settings().Limiter.Enter(http);
            await inner(http);
        }
        catch (HttpErrorException refused) when (!http.Response.HasStarted)
        {
            await ErrorShape.Of(http).WriteAsync(http, refused.Error);
        }
    }
}
