using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorAgents.AspNetCore;

/// <summary>Whether the process lives and whether it takes turns, for whoever restarts it or sends it traffic.</summary>
internal static class ActorAgentsHealth
{
    private const string Ready = "actoragents";

    /// <summary>A runtime that does not answer by then is not ready.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public static void Add(IServiceCollection services) => services.AddHealthChecks().AddCheck<RuntimeCheck>(Ready, tags: [Ready], timeout: AnswerWithin);

    /// <summary>Open to everybody: the answers are <c>Healthy</c> or <c>Unhealthy</c> and nothing else.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes) => new ConventionGroup(
    [
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }),
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }),
    ]);

    /// <summary>Whether this process answers; where its journal and its cluster are has checks of their own.</summary>
    private sealed class RuntimeCheck(IAgents agents, Microsoft.Extensions.Hosting.IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) return HealthCheckResult.Unhealthy("The server stops.");
            if (agents.Definitions.Count == 0) return HealthCheckResult.Unhealthy("No agent is defined.");
            if (!agents.Status.IsReady) return HealthCheckResult.Unhealthy("The runtime does not know yet which agents are halted.");
            await agents.PingAsync(cancellationToken).WaitAsync(AnswerWithin, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
