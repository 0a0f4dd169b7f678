using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ActorAgents.AspNetCore;

/// <summary>Agents as tools of an MCP server. The protocol is the SDK's; what comes to it was let in and checked as a request of any other protocol.</summary>
internal sealed class McpAgentsWire(McpEngine engine)
{
    private const string Path = "/mcp";

    // The protocol has clients take both, and the SDK insists.
    private const string Both = "application/json, text/event-stream";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var mcp = new McpAgentsWire(routes.ServiceProvider.GetRequiredService<McpEngine>());
        var wire = new WireEndpoints(routes, McpErrorShape.Instance);
        wire.Briefly(HttpMethods.Post, Path, mcp.PostAsync);
        wire.Briefly(HttpMethods.Delete, Path, mcp.DeleteAsync);
        wire.Get(Path, RefuseStream);
        wire.Rest(Path + "/{**rest}");
        return wire.Conventions;
    }

    private async Task PostAsync(HttpContext http)
    {
        bool isRequest;
        using (var body = await JsonBody.ReadAsync(http))
        {
            McpErrorShape.Name(http, body.Root);
            (var message, isRequest) = McpMessage.Read(body.Root);
            http.Request.Body = new MemoryStream(message); // The SDK reads what was checked.
        }
        if (http.Request.Headers.Accept.ToString() is "" or "*/*") http.Request.Headers.Accept = Both;
        using var place = isRequest ? http.Settings().Limiter.TakePlace(http) : null; // What answers or cancels a request comes beside it.
        await using var response = KeptAliveBody.Of(http);
        await using var caller = McpCaller.Enter(http);
        try
        {
            await engine.PostAsync(http);
        }
        catch (OperationCanceledException) when (caller.IsGone || caller.IsCancelled && !engine.Sessions.HasEnded(http))
        {
            // The caller has gone. Or it cancelled its call: the protocol has no answer to that, and the response just ends.
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            await McpErrorShape.EndAsync(http, HttpError.NotFound("session_ended", "The session has ended: begin another."));
        }
    }

    private async Task DeleteAsync(HttpContext http)
    {
        await using var caller = McpCaller.Enter(http);
        await engine.DeleteAsync(http);
    }

    /// <summary>
    /// Nothing is sent but in answer to a request, so that a stream of its own would only hold a connection, a place among the key's requests, and its
    /// session for ever.
    /// </summary>
    private static Task RefuseStream(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[HeaderNames.Allow] = "POST, DELETE";
            return Task.CompletedTask;
        });
        throw new HttpErrorException(new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This server sends nothing unasked: it has no stream to GET. POST messages here."));
    }
}
