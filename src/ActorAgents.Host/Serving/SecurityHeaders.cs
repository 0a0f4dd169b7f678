using ActorAgents.Pages;

namespace ActorAgents.Host.Serving;

/// <summary>What browsers are told about every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin"; // With no-referrer, browsers would hide the origin of this server's own forms too.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ActorAgentsPages.ContentSecurityPolicy;
        return next(http);
    }
}
