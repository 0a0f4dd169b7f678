using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// A call that other providers may answer. They are asked at once, one after the other, while nothing has been given; a retry then repeats the whole row.
/// The turn knows only the first provider, so what is particular to another ends here.
/// </summary>
internal static class FallbackCall
{
    public static async IAsyncEnumerable<ChatResponseUpdate> RunAsync(
        Provider first, IReadOnlyList<Provider> others, IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken token)
    {
        TurnError? failure = null;
        foreach (var provider in others.Prepend(first))
        {
            await using var answer = new Answer(provider, isFirst: provider == first);
            var beginning = await answer.BeginAsync(messages, provider == first ? options : OptionsFor(provider, options), token).ConfigureAwait(false);
            if (beginning.Failure is { } exception)
            {
                token.ThrowIfCancellationRequested();
                var error = provider.Classify(exception);
                failure = failure is null ? error : Both(failure, provider, error);
                if (!IsAboutTheProvider(error.Kind)) break;
                continue;
            }
            foreach (var update in beginning.Updates) yield return update;
            while (await answer.MoveNextAsync().ConfigureAwait(false)) yield return answer.Current;
            if (answer.Ending is { } ending) yield return ending;
            yield break;
        }
        throw new ProviderException(failure!);
    }

    /// <summary>The first failure, which tells of another. What must not be told of that one goes to the log with the exceptions.</summary>
    private static TurnError Both(TurnError first, Provider provider, TurnError other) => first with
    {
        Message = $"{first.Message} Fallback '{provider.Name}': {other.ToPublicMessage()}",
        Cause = other is { Kind: TurnErrorKind.Unknown, Cause: { } hidden } ? first.Cause is { } known ? new AggregateException(known, hidden) : hidden : first.Cause,
    };

    /// <summary>Whether another provider may do better with the same request.</summary>
    private static bool IsAboutTheProvider(TurnErrorKind kind) =>
        kind is not (TurnErrorKind.InvalidRequest or TurnErrorKind.ContentFiltered or TurnErrorKind.ContextTooLong);

    /// <summary>Whether a reader gets something of it, after which nobody else is asked.</summary>
    private static bool GivesSomething(AIContent content) => content switch
    {
        TextContent text => text.Text.Length > 0,
        TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.Text),
        UsageContent => false,
        _ => true,
    };

    /// <summary>The request without what only the first provider understands.</summary>
    private static ChatOptions? OptionsFor(Provider provider, ChatOptions? options)
    {
        if (options is null) return null;
        var own = provider.Tools ? options.Clone() : Requests.WithoutTools(options);
        own.ModelId = null;
        own.RawRepresentationFactory = null;
        return own;
    }

    /// <summary>One provider's answer.</summary>
    private sealed class Answer(Provider provider, bool isFirst) : IAsyncDisposable
    {
        private IAsyncEnumerator<ChatResponseUpdate>? _updates;
        private bool _hasReason;
        private bool _isOver;

        public ChatResponseUpdate Current => _updates!.Current;

        /// <summary>The finish of an answer that is whole though it does not say so, which the turn would not believe of the first provider.</summary>
        public ChatResponseUpdate? Ending => isFirst || _hasReason ? null : new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };

        /// <summary>Reads up to the first update that gives something: those before it must not be given by a provider that then fails.</summary>
        public async Task<(List<ChatResponseUpdate> Updates, Exception? Failure)> BeginAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken token)
        {
            var read = new List<ChatResponseUpdate>();
            try
            {
                _updates = provider.CallAlone(messages, options, token).GetAsyncEnumerator(CancellationToken.None);
                while (await PullAsync().ConfigureAwait(false))
                {
                    read.Add(Current);
                    if (Current.Contents.Any(GivesSomething)) break;
                }
                return (read, null);
            }
            catch (Exception exception) { return (read, exception); }
        }

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_isOver) return false;
            try { return await PullAsync().ConfigureAwait(false); }
            catch (Exception exception) { throw new ProviderException(provider.Classify(exception)); }
        }

        public ValueTask DisposeAsync() => _updates?.DisposeAsync() ?? default;

        private async ValueTask<bool> PullAsync()
        {
            // The first provider's turn calls it on the thread pool already, if it must.
            var pull = !isFirst && provider.OnThreadPool ? new(Task.Run(() => _updates!.MoveNextAsync().AsTask())) : _updates!.MoveNextAsync();
            if (await pull.ConfigureAwait(false))
            {
                _hasReason |= Current.FinishReason is not null;
                if (!isFirst) Current.ConversationId = null; // The next request goes to the first provider again, which has no such conversation.
                return true;
            }
            _isOver = true;
            if (!isFirst && provider.SendsFinishReason && !_hasReason) throw new ProviderException(provider.Truncated);
            return false;
        }
    }
}
