namespace ActorAgents.Providers;

internal static class ResponseHeaders
{
    /// <summary>The provider's name for the request: <c>x-request-id</c>, or Anthropic's <c>request-id</c>.</summary>
    public static string? RequestId(this HttpResponseMessage response) => response.Header("x-request-id") ?? response.Header("request-id");

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
