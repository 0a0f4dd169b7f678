using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore;

/// <summary>Knows callers by <c>Authorization: Bearer</c>. Where no key is configured everybody is a caller on this machine; <see cref="AccessGuard"/> sees to that.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, HttpSettings settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ActorAgentsKey";
    private const string Bearer = "Bearer ";

    /// <summary>Who presents this secret; null when nobody is known by it. Takes the same time for every secret.</summary>
    public static ApiKey? Find(IEnumerable<ApiKey> keys, string secret)
    {
        var hash = ApiKey.HashOf(secret);
        ApiKey? found = null;
        foreach (var key in keys)
            if (CryptographicOperations.FixedTimeEquals(key.Hashed, hash)) found = key;
        return found;
    }

    public static ClaimsPrincipal Principal(ApiKey key, string scheme)
    {
        List<Claim> claims = [new(ClaimTypes.Name, key.Name), new(ClaimTypes.Hash, Convert.ToHexStringLower(key.Hashed)), .. key.Scopes.Select(scope => new Claim(ActorAgentsClaims.Scope, scope))];
        if (key.Tenant is { } tenant) claims.Add(new(ActorAgentsClaims.Tenant, tenant));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (settings.Options.Keys.Count == 0) return Succeed(Local);
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        return Find(settings.Options.Keys, header[Bearer.Length..].Trim()) is { } key
            ? Succeed(Principal(key, Scheme.Name))
            : Task.FromResult(AuthenticateResult.Fail("The key is not known here."));

        Task<AuthenticateResult> Succeed(ClaimsPrincipal who) => Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(who, Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var error = new HttpError(StatusCodes.Status401Unauthorized, "unauthorized", "Give a key that is known here: 'Authorization: Bearer <key>'.");
        return RefuseAsync(error, () => Response.Headers.WWWAuthenticate = "Bearer");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(new HttpError(StatusCodes.Status403Forbidden, "forbidden", "This key may not do that: it lacks the scope."));

    private async Task RefuseAsync(HttpError error, Action? header = null)
    {
        Response.OnStarting(() => { header?.Invoke(); return Task.CompletedTask; }); // Writing the error clears the headers.
        await ErrorShape.Of(Context).WriteAsync(Context, error);
    }

    private static readonly ClaimsPrincipal Local = new(new ClaimsIdentity(
        [new(ClaimTypes.Name, "local"), .. ActorAgentsScopes.All.Select(scope => new Claim(ActorAgentsClaims.Scope, scope))], SchemeName));
}
