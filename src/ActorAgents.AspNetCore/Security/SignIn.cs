using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Signs a browser in with a key, for pages: it cannot send a header with a navigation. The cookie is not accepted by the other endpoints, so that no
/// page of another site can use it there.
/// </summary>
internal static class SignIn
{
    public const string SchemeName = "ActorAgentsSignIn";
    public const string Path = "/sign-in";

    public static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.LoginPath = cookie.AccessDeniedPath = Path;
        cookie.ReturnUrlParameter = "then";
        cookie.Cookie.Name = "actoragents";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax; // A link in a mail leads to the page and not to the form; what other sites send is refused by its origin.
        (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (TimeSpan.FromHours(12), false);
        cookie.Events.OnValidatePrincipal = context =>
        {
            if (!IsKnown(context.Principal!, context.HttpContext.Settings().Options.Keys)) context.RejectPrincipal(); // The key was withdrawn or changed meanwhile.
            return Task.CompletedTask;
        };
    }

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes) => new ConventionGroup(
    [
        routes.MapGet(Path, (RequestDelegate)(http => FormAsync(http, null))),
        routes.MapPost(Path, (RequestDelegate)EnterAsync),
        routes.MapPost("/sign-out", (RequestDelegate)LeaveAsync),
    ]).Guard(links: true);

    private static async Task EnterAsync(HttpContext http)
    {
        var secret = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(http.RequestAborted))["key"].ToString().Trim() : "";
        if (ApiKeyHandler.Find(http.Settings().Options.Keys, secret) is not { } key)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await FormAsync(http, "This key is not known here.");
            return;
        }
        if (!key.Scopes.Contains(ActorAgentsScopes.Chat))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            await FormAsync(http, $"This key lacks the scope {ActorAgentsScopes.Chat}, which the pages need.");
            return;
        }
        await http.SignInAsync(SchemeName, ApiKeyHandler.Principal(key, SchemeName));
        http.Response.Redirect(Local(http.Request.Query["then"]));
    }

    /// <summary>Whether one of the keys still makes exactly this caller.</summary>
    internal static bool IsKnown(ClaimsPrincipal who, IEnumerable<ApiKey> keys) =>
        keys.Any(key => ApiKeyHandler.Principal(key, SchemeName).Claims.All(claim => who.HasClaim(claim.Type, claim.Value)) && who.FindAll(ActorAgentsClaims.Scope).Count() == key.Scopes.Count
            && who.FindFirst(ActorAgentsClaims.Tenant)?.Value == key.Tenant);

    private static async Task LeaveAsync(HttpContext http)
    {
        await http.SignOutAsync(SchemeName);
        http.Response.Redirect(Path);
    }

    /// <summary>A place on this server; anything else could lead elsewhere under this server's name.</summary>
    private static string Local(string? then) => then is ['/', not '/' and not '\\', ..] && !then.Any(char.IsControl) ? then : "/";

    private static Task FormAsync(HttpContext http, string? message)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "same-origin"; // Under no-referrer a browser sends the form without its origin, and it would be refused.
        return http.Response.WriteAsync($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in to ActorAgents</title><link rel="icon" href="data:,">
            <style>
            :root { color-scheme: light dark; }
            body { font: 1rem/1.5 system-ui, sans-serif; min-height: 90vh; display: grid; place-items: center; margin: 1rem; }
            form { display: grid; gap: .75rem; width: min(24rem, 100%); }
            input, button { font: inherit; padding: .6rem .8rem; border-radius: .5rem; border: 1px solid GrayText; }
            button { cursor: pointer; } p { margin: 0; }
            </style>
            </head>
            <body>
            <form method="post">
            <label for="key">The key you were given</label>
            <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
            <p role="alert">{{message}}</p>
            <button>Sign in</button>
            </form>
            </body>
            </html>
            """, http.RequestAborted);
    }
}
