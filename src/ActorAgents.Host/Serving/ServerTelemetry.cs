using ActorAgents.Host.Configuration.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorAgents.Host.Serving;

/// <summary>Sends out the runtime's and the server's spans and metrics.</summary>
internal static class ServerTelemetry
{
    private const string Runtime = "ActorAgents";

    public static void Add(IServiceCollection services, TelemetrySettings settings)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("actoragents"));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Runtime).AddAspNetCoreInstrumentation();
            if (settings.Prometheus) metrics.AddPrometheusExporter();
            if (settings.OtlpEndpoint is { } endpoint) metrics.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
        });
        telemetry.WithTracing(traces => // Also when nothing is sent: the log names the traces.
        {
            traces.AddSource(Runtime).AddAspNetCoreInstrumentation();
            if (settings.OtlpEndpoint is { } endpoint) traces.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
        });
    }
}
