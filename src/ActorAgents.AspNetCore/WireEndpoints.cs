using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ActorAgents.AspNetCore;

/// <summary>The routes of one protocol, all with its shape of errors, behind the same checks.</summary>
internal sealed partial class WireEndpoints(IEndpointRouteBuilder routes, ErrorShape errors)
{
    private readonly List<IEndpointConventionBuilder> _mapped = [];

    public IEndpointConventionBuilder Conventions => new ConventionGroup(_mapped);

    public void Get([StringSyntax("Route")] string route, RequestDelegate handler, string scope = ActorAgentsScopes.Chat) => Map(HttpMethods.Get, route, handler, scope);

    public void Post([StringSyntax("Route")] string route, RequestDelegate handler, string scope = ActorAgentsScopes.Chat) => Map(HttpMethods.Post, route, handler, scope);

    public void Delete([StringSyntax("Route")] string route, RequestDelegate handler, string scope = ActorAgentsScopes.Chat) => Map(HttpMethods.Delete, route, handler, scope);

    /// <summary>Answers without a place among the requests that a key and its tenant may make at once; a handler that waits takes one itself.</summary>
    public void Briefly(string method, [StringSyntax("Route")] string route, RequestDelegate handler, string scope = ActorAgentsScopes.Chat) =>
        Add(routes.MapMethods(route, [method], Handler(handler, isBrief: true)), scope);

    /// <summary>Answers everybody, with a key or without; the guard against other machines and sites holds.</summary>
    public void GetOpen([StringSyntax("Route")] string route, RequestDelegate handler) =>
        _mapped.Add(routes.MapMethods(route, [HttpMethods.Get], Handler(handler)).WithMetadata(errors).AllowAnonymous());

    /// <summary>Answers what no other route of the protocol does.</summary>
    public void Rest([StringSyntax("Route")] string route, string scope = ActorAgentsScopes.Chat) => Add(routes.Map(route, Handler(http => throw new HttpErrorException(
        HttpError.NotFound("unknown_route", $"There is no {http.Request.Method} {http.Request.Path} here.")))), scope);

    private void Map(string method, string route, RequestDelegate handler, string scope) => Add(routes.MapMethods(route, [method], Handler(handler)), scope);

    private void Add(IEndpointConventionBuilder endpoint, string scope)
    {
        endpoint.WithMetadata(errors);
        endpoint.RequireAuthorization(Policies.Of(scope));
        _mapped.Add(endpoint);
    }

    private RequestDelegate Handler(RequestDelegate handler, bool isBrief = false) => async http =>
    {
        try
        {
            if (AccessGuard.Refusal(http) is { } refusal) throw new HttpErrorException(refusal);
            http.Settings().Limiter.Count(http);
            using var place = isBrief ? null : http.Settings().Limiter.TakePlace(http);
            await handler(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to tell.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            // A client that has gone is why its turn ended, and nobody to tell.
            if (ErrorOf(exception, http) is { } error && !http.RequestAborted.IsCancellationRequested) await errors.WriteAsync(http, error);
        }
    };

    /// <summary>What a request that failed is answered with; null when there is nobody to answer. Mistakes of the server's are logged.</summary>
    public static HttpError? ErrorOf(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case HttpErrorException known: return known.Error;
            case TurnException turn: return HttpErrors.Of(turn.Error) with { Turn = turn.TurnId.Value is null ? null : turn.TurnId };
            case HaltNotRecordedException unsure: return new(StatusCodes.Status503ServiceUnavailable, "halt_not_recorded", unsure.Message);
            case BadHttpRequestException bad: return new(bad.StatusCode, "invalid_request", bad.Message);
            case IOException when http.RequestAborted.IsCancellationRequested: return null;
            default:
                Broke(http, exception);
                return new(StatusCodes.Status500InternalServerError, "internal_error", "The server failed on this request; its log says why.");
        }
    }

    /// <summary>Says in the log that a request failed by a mistake of the server's.</summary>
    public static void Broke(HttpContext http, Exception exception) =>
        Broke(http.Settings().Log, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} broke.")]
    private static partial void Broke(ILogger logger, string method, string? route, Exception exception);
}
