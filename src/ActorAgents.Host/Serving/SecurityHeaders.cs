using ActorAgents.Pages;

namespace ActorAgents.Host.Serving;

/// <summary>What browsers are told about every answer, errors included.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static response => // Late: whoever writes an error clears the headers.
        {
            var headers = ((HttpResponse)response).Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin"; // With no-referrer, browsers would hide the origin of this server's own forms too.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.ContentSecurityPolicy = ActorAgentsPages.ContentSecurityPolicy;
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    }
}
