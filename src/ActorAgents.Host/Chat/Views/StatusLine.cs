using System.Globalization;

namespace ActorAgents.Host.Chat.Views;

/// <summary>A turn's figures in a line. What was not reported or not measured is left out.</summary>
internal static class StatusLine
{
    // Shorter, and the division says more about the clock than about the model.
    private static readonly TimeSpan LeastWriting = TimeSpan.FromMilliseconds(20);

    public static string For(TurnFigures figures)
    {
        var parts = new List<string>();
        var usage = figures.Usage;
        if (usage.InputTokens is { } input && usage.OutputTokens is { } output) parts.Add(Text($"{input + output} tokens ({input} in, {output} out)"));
        else if ((usage.TotalTokens ?? usage.OutputTokens ?? usage.InputTokens) is { } some) parts.Add(Text($"{some} tokens"));
        if (usage.OutputTokens is > 0 and { } written && figures.Writing >= LeastWriting) parts.Add(Text($"{written / figures.Writing.TotalSeconds:0.#} tokens/s"));
        if (figures.FirstToken is { } first) parts.Add(Text($"first token after {first.TotalSeconds:0.00} s"));
        parts.Add(Text($"{figures.Elapsed.TotalSeconds:0.00} s"));
        return string.Join(" · ", parts);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
