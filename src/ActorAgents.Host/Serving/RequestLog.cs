using Serilog;
using Serilog.Events;

namespace ActorAgents.Host.Serving;

/// <summary>A line per request. Neither query nor body nor header is in it: prompts and keys are there.</summary>
internal static class RequestLog
{
    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(log =>
    {
        log.Logger = app.Services.GetRequiredService<Serilog.ILogger>(); // Its own default is the static one, which nobody sets.
        log.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed:0} ms, turn {Turn}";
        log.IncludeQueryInRequestPath = false;
        log.GetLevel = static (http, _, exception) =>
            exception is not null || http.Response.StatusCode >= 500 ? LogEventLevel.Warning
            : http.GetEndpoint()?.DisplayName?.StartsWith("Health checks", StringComparison.Ordinal) == true ? LogEventLevel.Debug
            : LogEventLevel.Information;
        log.EnrichDiagnosticContext = static (diagnostics, http) => diagnostics.Set("Turn", http.Response.Headers["X-Turn-Id"].ToString());
    });
}
