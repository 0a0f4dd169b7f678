using System.Text;

namespace ActorAgents.Providers;

/// <summary>The errors that providers report below an SDK.</summary>
internal static class WireErrors
{
    /// <summary>The error of a response that has a status for it.</summary>
    public static TurnError OfResponse(HttpResponseMessage response, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var words = ServerWords.Read(body);
        var status = (int)response.StatusCode;
        return new(FailureKinds.Of(status, words), Address.Redirection(response) ?? words.Message ?? $"The provider answered {status} {response.ReasonPhrase}.", RetryAfter.Of(response, now), status, response.RequestId());
    }

    /// <summary>The error in one frame of a stream that began well; null for any other frame.</summary>
    public static TurnError? OfFrame(string frame)
    {
        // Where a text says it, its quotes are escaped: hardly a frame is parsed in vain.
        if (!frame.Contains("\"error\"", StringComparison.Ordinal) && !frame.Contains("\"response.failed\"", StringComparison.Ordinal)) return null;
        return ServerWords.OfError(Encoding.UTF8.GetBytes(frame)) is { } words ? new(FailureKinds.Of(null, words), words.Message ?? "The provider failed and did not say why.") : null;
    }
}
