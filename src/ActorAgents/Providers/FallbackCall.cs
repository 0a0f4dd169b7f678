using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// A call that other providers may answer. They are asked at once, one after the other, while nothing has been given; a retry then repeats the whole row.
/// </summary>
internal static class FallbackCall
{
    public static async IAsyncEnumerable<ChatResponseUpdate> RunAsync(
        Provider first, IReadOnlyList<Provider> others, IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken token)
    {
        TurnError? failure = null;
        foreach (var provider in others.Prepend(first))
        {
            var request = provider == first ? options : OptionsFor(provider, options);
            await using var updates = provider.CallAlone(messages, request, token).GetAsyncEnumerator(CancellationToken.None);
            var beginning = await BeginAsync(updates).ConfigureAwait(false);
            if (beginning.Failure is { } exception)
            {
                token.ThrowIfCancellationRequested();
                var error = provider.Classify(exception);
                failure = failure is null ? error : failure with { Message = $"{failure.Message} Fallback '{provider.Name}': {error.Message}" };
                if (!IsAboutTheProvider(error.Kind)) break;
                continue;
            }
            foreach (var update in beginning.Updates) yield return update;
            if (beginning.Ended) yield break;
            while (await MoveNextAsync(provider, updates).ConfigureAwait(false)) yield return updates.Current;
            yield break;
        }
        throw new ProviderException(failure!);
    }

    /// <summary>Reads up to the first update that gives something: those before it must not be given by a provider that then fails.</summary>
    private static async Task<(List<ChatResponseUpdate> Updates, bool Ended, Exception? Failure)> BeginAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        var read = new List<ChatResponseUpdate>();
        try
        {
            while (await updates.MoveNextAsync().ConfigureAwait(false))
            {
                read.Add(updates.Current);
                if (updates.Current.Contents.Count > 0) return (read, false, null);
            }
            return (read, true, null);
        }
        catch (Exception exception)
        {
            return (read, true, exception);
        }
    }

    /// <summary>The turn knows only the first provider's classifier.</summary>
    private static async ValueTask<bool> MoveNextAsync(Provider provider, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try { return await updates.MoveNextAsync().ConfigureAwait(false); }
        catch (Exception exception) { throw new ProviderException(provider.Classify(exception)); }
    }

    /// <summary>Whether another provider may do better with the same request.</summary>
    private static bool IsAboutTheProvider(TurnErrorKind kind) =>
        kind is not (TurnErrorKind.InvalidRequest or TurnErrorKind.ContentFiltered or TurnErrorKind.ContextTooLong);

    /// <summary>The request without what only the first provider understands.</summary>
    private static ChatOptions? OptionsFor(Provider provider, ChatOptions? options)
    {
        if (options is null) return null;
        var own = provider.Tools ? options.Clone() : Requests.WithoutTools(options);
        own.ModelId = null;
        own.RawRepresentationFactory = null;
        return own;
    }
}
