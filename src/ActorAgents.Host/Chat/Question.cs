using ActorAgents.Host.Chat.Views;

namespace ActorAgents.Host.Chat;

/// <summary>Asks for a line.</summary>
internal sealed class Question(TerminalView view, LineReader lines)
{
    /// <summary>The answer; null at the end of the input.</summary>
    public async Task<string?> AskAsync(string text, CancellationToken cancellationToken)
    {
        view.Ask(text);
        var line = await lines.ReadAsync(cancellationToken);
        if (line is not null) view.Answered();
        return line;
    }
}
