using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore;

internal static class HttpContextExtensions
{
    public static HttpSettings Settings(this HttpContext http) => http.RequestServices.GetRequiredService<HttpSettings>();

    /// <summary>The agents that the caller reaches. Nothing here takes agents from elsewhere: this is what keeps tenants apart.</summary>
    public static IAgents Agents(this HttpContext http) => http.RequestServices.GetRequiredService<IAgents>().For(http.User);

    /// <summary>Says which turn answers, for logs and, of an agent whose key is known, for whoever wants to interrupt it.</summary>
    public static void NameTurn(this HttpContext http, TurnId turn) => http.Response.Headers["X-Turn-Id"] = turn.Value;
}
