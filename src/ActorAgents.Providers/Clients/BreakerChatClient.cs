using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;

namespace ActorAgents.Providers;

/// <summary>
/// Stops asking a provider that keeps failing. What counts is how a request begins: its first update, or its failure. Failures for the provider's fault
/// count against it; whatever else it answers, refusals too, counts for it. A cancelled request counts for nothing, since only its caller knows why: the
/// runtime that waited too long looks like a user who left. One that was to try whether the provider works again has not found out, so the next try waits for
/// another pause.
/// </summary>
internal sealed class BreakerChatClient : DelegatingChatClient
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;

    public BreakerChatClient(IChatClient inner, ProviderOptions options, TimeProvider time) : base(inner) =>
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.BreakerRequests,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = options.BreakerPause,
            StateProvider = _state,
            ShouldHandle = outcome => new(outcome.Outcome.Exception is { } exception
                && (IsProvidersFault(exception) || (IsCancelled(exception, outcome.Context.CancellationToken) && _state.CircuitState == CircuitState.HalfOpen))),
        }).Build();

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerator<ChatResponseUpdate>? updates = null;
        try
        {
            var begun = await ExecuteAsync(_ =>
            {
                updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
                return updates.MoveNextAsync();
            }, cancellationToken).ConfigureAwait(false);
            for (var more = begun; more; more = await updates!.MoveNextAsync().ConfigureAwait(false)) yield return updates!.Current;
        }
        finally
        {
            if (updates is not null) await updates.DisposeAsync().ConfigureAwait(false);
        }
    }

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ExecuteAsync(token => new ValueTask<ChatResponse>(base.GetResponseAsync(messages, options, token)), cancellationToken).AsTask();

    /// <summary>Polly counts as a success whatever is no failure. So while nothing is held back, it is told of an outcome afterwards, and only of one that counts.</summary>
    private async ValueTask<T> ExecuteAsync<T>(Func<CancellationToken, ValueTask<T>> request, CancellationToken cancellationToken)
    {
        if (_state.CircuitState != CircuitState.Closed) return await TryAsync(request, cancellationToken).ConfigureAwait(false);
        T result;
        try
        {
            result = await request(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!IsCancelled(exception, cancellationToken)) await CountAsync(exception).ConfigureAwait(false);
            throw;
        }
        await CountAsync(null).ConfigureAwait(false);
        return result;
    }

    private async ValueTask CountAsync(Exception? failure)
    {
        if (_state.CircuitState != CircuitState.Closed) return; // It began before that, and so says nothing about now.
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        await _breaker.ExecuteOutcomeAsync(static (_, failure) => new ValueTask<Outcome<bool>>(failure is null ? Outcome.FromResult(true) : Outcome.FromException<bool>(failure)), context, failure).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
    }

    private async ValueTask<T> TryAsync<T>(Func<CancellationToken, ValueTask<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException open)
        {
            var wait = open.RetryAfter > TimeSpan.Zero ? open.RetryAfter : null;
            var when = wait is { } pause ? $"it will be tried again in {Math.Ceiling(pause.TotalSeconds)} s." : "a request is just trying whether it works again.";
            throw new ProviderException(new(TurnErrorKind.Transient, $"The provider kept failing, so it is not asked now; {when}", wait) { Cause = open.InnerException ?? open });
        }
    }

    private static bool IsProvidersFault(Exception exception) =>
        exception is ProviderException { Kind: TurnErrorKind.Transient or TurnErrorKind.Timeout } or IOException or HttpRequestException;

    private static bool IsCancelled(Exception exception, CancellationToken token) => exception is OperationCanceledException || token.IsCancellationRequested;
}
