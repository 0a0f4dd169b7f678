using Akka.Actor;

namespace ActorAgents;

/// <summary>Asking an actor, where whoever asks may give up.</summary>
internal static class Questions
{
    /// <summary>As Akka's <c>Ask</c>, which gets no token: one that is cancelled while it registers the question's actor would leave that actor there for good.</summary>
    /// <exception cref="AskTimeoutException">Nobody answered in time.</exception>
    public static Task<T> AskAsync<T>(this ICanTell actor, object question, TimeSpan within, CancellationToken cancellationToken)
    {
        var answer = actor.Ask<T>(question, within);
        if (cancellationToken.CanBeCanceled) // Whoever gives up does not look at it any more.
            answer.ContinueWith(static asked => _ = asked.Exception, default, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return answer.WaitAsync(cancellationToken);
    }
}
