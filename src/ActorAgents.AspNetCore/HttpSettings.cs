using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore;

/// <summary>What all endpoints share.</summary>
internal sealed class HttpSettings(IOptions<ActorAgentsHttpOptions> options, IServiceProvider services, ILoggerFactory loggers) : IAsyncDisposable
{
    public ActorAgentsHttpOptions Options { get; } = OptionsCheck.Checked(options.Value);
    public TimeProvider Time { get; } = services.GetService<TimeProvider>() ?? TimeProvider.System;
    public RequestLimiter Limiter { get; } = new(options.Value);
    public ILogger Log { get; } = loggers.CreateLogger("ActorAgents.AspNetCore");

    public ValueTask DisposeAsync() => Limiter.DisposeAsync();
}

internal static class HttpContextExtensions
{
    public static HttpSettings Settings(this HttpContext http) => http.RequestServices.GetRequiredService<HttpSettings>();

    /// <summary>Says which turn answers, for logs and for whoever wants to interrupt it.</summary>
    public static void NameTurn(this HttpContext http, TurnId turn) => http.Response.Headers["X-Turn-Id"] = turn.Value;

    /// <summary>The agents the caller reaches: its tenant's, or all when it is confined to none.</summary>
    public static IAgents Agents(this HttpContext http)
    {
        var agents = http.RequestServices.GetRequiredService<IAgents>();
        return http.User.FindFirst(ActorAgentsClaims.Tenant) is { } tenant ? agents.For(tenant.Value) : agents;
    }
}
