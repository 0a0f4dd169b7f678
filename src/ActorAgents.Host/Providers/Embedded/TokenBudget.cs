using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Counts what a response gives out and stops it at the bound the caller set.</summary>
internal sealed class TokenBudget(int? max)
{
    private readonly long _maxChars = max is { } tokens ? (long)Math.Max(tokens, 0) * Tokens.Chars : long.MaxValue;
    private long _chars;
    private long _reasoning;

    /// <summary>The bound was met before the end.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>The piece, or what still fits of it; null when nothing does. Calls are never cut: half a call is of no use.</summary>
    public Piece? Fit(Piece piece)
    {
        var left = _maxChars - _chars;
        if (Math.Max(piece.Chars, piece.Needs) > left)
        {
            Exhausted = true;
            if (Cut(piece, (int)left) is not { } cut) return null;
            piece = cut;
        }
        _chars += piece.Chars;
        if (piece.Content is TextReasoningContent) _reasoning += piece.Chars;
        return piece;
    }

    public UsageDetails Usage(long inputTokens) => new()
    {
        InputTokenCount = inputTokens,
        OutputTokenCount = Tokens.In(_chars),
        TotalTokenCount = inputTokens + Tokens.In(_chars),
        ReasoningTokenCount = Tokens.In(_reasoning),
    };

    private Piece? Cut(Piece piece, int left)
    {
        if (piece.Content is not TextContent { Text: var text }) return null;
        if (left > 0 && char.IsHighSurrogate(text[left - 1])) left--;
        return left > 0 ? new(new TextContent(text[..left]), left) : null;
    }
}
