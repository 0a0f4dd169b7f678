namespace ActorAgents.Host.Chat.Views;

/// <summary>For pipes and scripts: only the answer goes to standard output, everything else to standard error.</summary>
/// <param name="printable">Output goes to a terminal after all, so control characters are replaced. Otherwise the answer is passed on exactly.</param>
internal sealed class PlainView(TextWriter output, TextWriter error, AgentDefinition agent, bool printable) : ITurnView
{
    private readonly ToolLines _tools = new();
    private bool _reasoning;
    private bool _lineOpen;

    public void Show(TurnEvent e)
    {
        if (e is not ReasoningDelta) EndReasoning();
        switch (e)
        {
            case TextDelta { Text.Length: > 0 } text: Write(text.Text); break;
            case ReasoningDelta reasoning: Reason(reasoning.Text); break;
            case ToolStarted started: Note(_tools.Started(started)); break;
            case ToolProgress progress: Note(_tools.Progress(progress)); break;
            case ToolFinished finished: Note(_tools.Finished(finished)); break;
            case ApprovalRequested request: Note($"{ToolLines.Call(request.Tool, request.Arguments)} needs approval."); break;
            case ContentAdded content: Note(EventLines.Content(content)); break;
            case Retrying retry: Note(EventLines.Retry(retry)); break;
            case Reset: Note(EventLines.Withdrawn); break;
            case TerminalEvent end: End(end); break;
        }
    }

    public void Note(string text) => error.WriteLine(text);

    private void Write(string text)
    {
        output.Write(printable ? Printable.Text(text) : text);
        output.Flush();
        _lineOpen = !text.EndsWith('\n');
    }

    private void Reason(string text)
    {
        error.Write(Printable.Text(text));
        _reasoning = true;
    }

    private void EndReasoning()
    {
        if (_reasoning) error.WriteLine();
        _reasoning = false;
    }

    private void End(TerminalEvent end)
    {
        // The answer is a text file: its last line ends.
        if (_lineOpen) output.Write('\n');
        output.Flush();
        _lineOpen = false;
        if (Endings.For(end, agent) is { } words) Note(words);
    }
}
