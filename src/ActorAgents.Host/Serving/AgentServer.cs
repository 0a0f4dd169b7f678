using System.Net;
using ActorAgents.AspNetCore;
using ActorAgents.Host.Commands;
using ActorAgents.Host.Composition;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;
using ActorAgents.Pages;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Serilog;

namespace ActorAgents.Host.Serving;

/// <summary>The web application around the runtime.</summary>
internal static class AgentServer
{
    /// <summary>A node hands its agents on within 20 s at most and ends its turns within 3 more, before the requests have to end.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <param name="parent">Whose end is that of the process; null when it is a person's, who ends it by Ctrl+C.</param>
    public static WebApplication Build(HostConfiguration configuration, IReadOnlyList<string> urls, Serilog.ILogger logger, Terminal? parent = null)
    {
        // Empty: settings are read and checked by HostConfiguration, from its own folder, and nowhere else.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ActorAgents.Host", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls([.. urls]);
        builder.Services.AddSerilog(logger);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        if (parent is not null) builder.Services.AddSingleton<IHostLifetime>(services => new ParentLifetime(services.GetRequiredService<IHostApplicationLifetime>(), parent));
        builder.Services.AddRoutingCore();
        builder.Services.AddConfiguredAgents(configuration);
        builder.Services.AddActorAgentsHttp(http => Describe(http, configuration.Settings));
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider(); // Whoever signed in signs in again after a restart: keys may have changed.
        builder.Services.AddActorAgentsPages(pages => pages.SignOutPath = configuration.Settings.Server.Keys.Count > 0 ? "sign-out" : null);
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins([.. configuration.Settings.Server.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod()));
        ServerTelemetry.Add(builder.Services, configuration.Settings.Server.Telemetry);
        return Map(builder.Build(), configuration.Settings.Server);
    }

    private static WebApplication Map(WebApplication app, ServerSettings settings)
    {
        if (settings.Proxies.Count > 0) app.UseForwardedHeaders(Forwarded(settings.Proxies));
        app.UseMiddleware<SecurityHeaders>();
        app.UseRequestLog();
        app.UseRouting();
        if (settings.AllowedOrigins.Count > 0) app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapActorAgents();
        app.MapActorAgentsHealth();
        app.MapActorAgentsSignIn();
        app.MapActorAgentsPages().RequireActorAgentsSignIn();
        if (settings.Telemetry.Prometheus) app.MapPrometheusScrapingEndpoint("/metrics").RequireActorAgentsScope(ActorAgentsScopes.Admin);
        return app;
    }

    /// <summary>Who called, by which scheme and under which name, is what these proxies say.</summary>
    private static ForwardedHeadersOptions Forwarded(IEnumerable<IPAddress> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
        foreach (var proxy in proxies) options.KnownProxies.Add(proxy);
        return options;
    }

    private static void Describe(ActorAgentsHttpOptions http, HostSettings settings)
    {
        var server = settings.Server;
        http.DefaultKind = settings.DefaultKind;
        http.Probe = server.Probe;
        http.MaxRequestBytes = server.MaxRequestBytes ?? http.MaxRequestBytes;
        http.KeepResponses = server.KeepResponses ?? http.KeepResponses;
        http.MaxResponseAgents = server.MaxResponseAgents ?? http.MaxResponseAgents;
        http.PerKey = server.PerKey;
        http.PerTenant = server.PerTenant;
        foreach (var key in server.Keys) http.Keys.Add(key);
        foreach (var origin in server.AllowedOrigins) http.AllowedOrigins.Add(origin);
    }
}
