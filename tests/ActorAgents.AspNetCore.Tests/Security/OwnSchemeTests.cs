using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore.Tests.Security;

/// <summary>An authentication of the application's own in place of keys.</summary>
public sealed class OwnSchemeTests
{
    [Fact]
    public async Task The_claims_of_the_applications_own_scheme_say_what_a_caller_may_and_whose_agents_it_reaches()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")), http => http.AuthenticationScheme = "Own",
            services: services => services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Own>("Own", null));
        Task<HttpResponseMessage> AskAsync(string path, object body, string? who) =>
            server.PostAsync(path, body, [("Host", "agents.example.com"), .. who is null ? Array.Empty<(string, string)>() : [("X-User", who)]]);
        const string Turns = "/agents/assistant/1/turns";

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Turns, new { input = "hello" }, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Turns, new { input = "hello" }, "a")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync("/halts", new { scope = "tenant:a", reason = "A drill." }, "a")).StatusCode);

        Assert.NotEmpty(await server.Agents.For("a")["assistant", "1"].GetMessagesAsync());
        Assert.Empty(await server.Agents["assistant", "1"].GetMessagesAsync());
    }

    /// <summary>Believes the header <c>X-User</c>: it names the tenant of a caller that may chat.</summary>
    private sealed class Own(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-User"].ToString() is not { Length: > 0 } user) return Task.FromResult(AuthenticateResult.NoResult());
            var claims = new ClaimsIdentity([new(ActorAgentsClaims.Scope, ActorAgentsScopes.Chat), new(ActorAgentsClaims.Tenant, user)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(claims), Scheme.Name)));
        }
    }
}
