using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MudBlazor.Services;

namespace ActorAgents.Pages;

/// <summary>Adds the pages to an application that has agents.</summary>
public static class ActorAgentsPages
{
    /// <summary>
    /// The strictest <c>Content-Security-Policy</c> that the pages work with; send it with every answer. All that is loaded comes from the application itself.
    /// <list type="bullet">
    /// <item><c>script-src 'self'</c>: only script files, nothing inline and no <c>eval</c>; server-interactive pages need no WebAssembly.</item>
    /// <item><c>style-src 'self' 'unsafe-inline'</c>: MudBlazor writes its theme as a style element and positions popovers with style attributes.</item>
    /// <item><c>img-src 'self' data:</c>, <c>font-src 'self'</c>: MudBlazor's style sheet holds small images as data; answers may not load any.</item>
    /// <item><c>connect-src 'self'</c>: the WebSocket of the circuit, which is of the same origin.</item>
    /// <item><c>base-uri 'self'</c>: the page's own base element, so that a path base works.</item>
    /// <item>The rest forbids what the pages never do: plug-ins, forms that leave, frames in either direction.</item>
    /// </list>
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // The longest message of a person, of characters that JSON writes with six bytes each, and what is around it.
    private const long MaxMessageBytes = Composer.MaxLength * 6 + 32_768;

    /// <summary>Adds what the pages need. The agents come from <see cref="ActorAgentsHostingExtensions.AddActorAgents"/>.</summary>
    public static IServiceCollection AddActorAgentsPages(this IServiceCollection services, Action<ActorAgentsPagesOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null) services.Configure(configure);
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub =>
            hub.MaximumReceiveMessageSize = Math.Max(hub.MaximumReceiveMessageSize ?? long.MaxValue, MaxMessageBytes));
        return services.AddPageServices();
    }

    /// <summary>What the pages use beside a renderer.</summary>
    internal static IServiceCollection AddPageServices(this IServiceCollection services)
    {
        services.AddMudServices();
        services.AddOptions<ActorAgentsPagesOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<AgentsOfUser>();
        services.TryAddSingleton<DashboardSamplers>();
        services.TryAddScoped<DashboardAccess>();
        services.TryAddScoped<PageScript>();
        services.TryAddScoped<ConversationShelf>();
        services.TryAddScoped<OpenConversations>();
        return services;
    }

    /// <summary>
    /// Maps the pages, and the static files of the application and its libraries, which stay open to everybody. Also outside of the Development
    /// environment a project that was built and not published serves them: no <c>UseStaticWebAssets</c> is needed. The application's project must use
    /// <c>Microsoft.NET.Sdk.Web</c> and, unless it has Razor files of its own, set <c>RequiresAspNetWebAssets</c>, which brings Blazor's script.
    /// </summary>
    /// <returns>The pages and their circuits, to require authorization for, for example.</returns>
    public static IEndpointConventionBuilder MapActorAgentsPages(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var environment = endpoints.ServiceProvider.GetRequiredService<IWebHostEnvironment>();
        if (!environment.IsDevelopment()) // There the host has done it.
            StaticWebAssetsLoader.UseStaticWebAssets(environment, endpoints.ServiceProvider.GetRequiredService<IConfiguration>());
        endpoints.MapStaticAssets();
        // No page takes a form, so the application needs no antiforgery middleware.
        return endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'").DisableAntiforgery().WithStaticAssets();
    }
}
