using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>
/// A small rule-based demonstration model: no key, no network, no download. It streams, reasons when asked to, calls tools in parallel, remembers what
/// the messages say and reports usage, so that all of the runtime can be seen. It is not a language model and says so.
/// </summary>
internal sealed class EmbeddedModel(TokenPace pace, TimeProvider time) : IChatClient
{
    public const string Kind = "embedded";

    private readonly ChatClientMetadata _metadata = new(Kind, defaultModelId: Kind);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var given = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var plan = Planner.For(Situation.From(given, options));
        var budget = new TokenBudget(options?.MaxOutputTokens);
        var responseId = Guid.NewGuid().ToString("N");
        foreach (var piece in PlanRendering.Pieces(plan))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (budget.Fit(piece) is not { } fitting) break;
            if (pace.Rate is not null) await Task.Delay(pace.For((double)fitting.Chars / Tokens.Chars), time, cancellationToken);
            yield return Update(responseId, fitting.Content);
        }
        cancellationToken.ThrowIfCancellationRequested();
        var end = Update(responseId, new UsageContent(budget.Usage(Tokens.In(given))));
        end.FinishReason = budget.Exhausted ? ChatFinishReason.Length : plan.Calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        yield return end;
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken))
            if (!update.Contents.Any(c => c is ToolCallArgumentsContent)) updates.Add(update);
        return updates.ToChatResponse();
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { }

    private ChatResponseUpdate Update(string responseId, AIContent content) =>
        new(ChatRole.Assistant, [content]) { ResponseId = responseId, MessageId = responseId, ModelId = Kind, CreatedAt = time.GetUtcNow() };
}
