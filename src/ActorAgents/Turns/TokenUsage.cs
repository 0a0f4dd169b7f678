using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Tokens as the provider counted them. Absent means not reported, never zero.</summary>
public sealed record TokenUsage(long? InputTokens = null, long? OutputTokens = null, long? TotalTokens = null, long? CachedInputTokens = null, long? ReasoningTokens = null)
{
    /// <summary>Nothing was reported.</summary>
    public static readonly TokenUsage None = new();

    /// <summary>The sum, count by count; a count that only one side reports is kept.</summary>
    public TokenUsage Plus(TokenUsage other)
    {
        if (ReferenceEquals(other, None)) return this;
        if (ReferenceEquals(this, None)) return other;
        return new(Sum(InputTokens, other.InputTokens), Sum(OutputTokens, other.OutputTokens), Sum(TotalTokens, other.TotalTokens),
            Sum(CachedInputTokens, other.CachedInputTokens), Sum(ReasoningTokens, other.ReasoningTokens));
    }

    /// <summary>Microsoft.Extensions.AI's form of it; a total that was not reported is the sum of input and output.</summary>
    public static TokenUsage From(UsageDetails details) => new(details.InputTokenCount, details.OutputTokenCount,
        details.TotalTokenCount ?? Sum(details.InputTokenCount, details.OutputTokenCount), details.CachedInputTokenCount, details.ReasoningTokenCount);

    /// <summary>For the currency of Microsoft.Extensions.AI.</summary>
    public UsageDetails ToUsageDetails() => new()
    {
        InputTokenCount = InputTokens,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = TotalTokens,
        CachedInputTokenCount = CachedInputTokens,
        ReasoningTokenCount = ReasoningTokens,
    };

    private static long? Sum(long? a, long? b) => a is null ? b : b is null ? a : a + b;
}
