using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore;

/// <summary>Counts of turns, for tests that prove that an abort stopped the server's side.</summary>
internal static class ProbeWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, ProblemShape.Instance);
        if (routes.ServiceProvider.GetRequiredService<HttpSettings>().Options.Probe) wire.Get("/probe", AnswerAsync, ActorAgentsScopes.Admin);
        return wire.Conventions;
    }

    private static Task AnswerAsync(HttpContext http)
    {
        var status = http.Agents().Status;
        return http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("active", status.LiveTurns + status.WaitingTurns + status.QueuedInputs);
            json.WriteNumber("aborted", status.Interrupted);
            json.WriteNumber("completed", status.Completed);
            json.WriteNumber("failed", status.Failed);
            json.WriteEndObject();
        });
    }
}
