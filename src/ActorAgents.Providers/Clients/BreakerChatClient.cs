using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;

namespace ActorAgents.Providers;

/// <summary>
/// Stops asking a provider that keeps failing. What counts is how a request begins: its first update, or its failure. A cancelled request counts for
/// nothing, since only its caller knows why.
/// </summary>
internal sealed class BreakerChatClient : DelegatingChatClient
{
    private readonly ResiliencePipeline _breaker;

    public BreakerChatClient(IChatClient inner, ProviderOptions options, TimeProvider time) : base(inner) =>
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.BreakerRequests,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = options.BreakerPause,
            ShouldHandle = outcome => new(outcome.Outcome.Exception
                is ProviderException { Kind: TurnErrorKind.Transient or TurnErrorKind.Timeout } or IOException or HttpRequestException),
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

    private async ValueTask<T> ExecuteAsync<T>(Func<CancellationToken, ValueTask<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException open)
        {
            var wait = open.RetryAfter ?? TimeSpan.Zero;
            throw new ProviderException(new(TurnErrorKind.Transient,
                $"The provider kept failing, so it is not asked now; it will be tried again in {Math.Ceiling(wait.TotalSeconds)} s.", wait) { Cause = open.InnerException ?? open });
        }
    }
}
