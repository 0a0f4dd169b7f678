using System.ClientModel;
using System.Text.Json;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>What the exceptions of the clients of .NET tell.</summary>
internal static class Problems
{
    public static Problem Of(Exception thrown)
    {
        if (thrown is not ClientResultException { } refused || refused.GetRawResponse() is not { } response)
            return new(thrown.GetType().Name, thrown.Message, null, null, null, null);
        response.Headers.TryGetValue("Retry-After", out var retryAfter);
        var error = JsonDocument.Parse(response.Content).RootElement.GetProperty("error");
        return new(nameof(ClientResultException), thrown.Message, refused.Status, error.GetProperty("code").GetString(), error.GetProperty("param").GetString(), retryAfter);
    }
}
