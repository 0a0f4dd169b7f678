using Spectre.Console;

namespace ActorAgents.Host.Chat.Views;

/// <summary>For a person at a terminal: the answer as it arrives, and around it everything the turn does.</summary>
internal sealed class TerminalView(IAnsiConsole console, AgentDefinition agent, TimeProvider time) : ITurnView
{
    private static readonly Style Answer = Style.Plain;
    private static readonly Style Reasoning = new(decoration: Decoration.Dim | Decoration.Italic);
    private static readonly Style Aside = new(decoration: Decoration.Dim);
    private static readonly Style Tool = new(Color.Teal);
    private static readonly Style Warning = new(Color.Olive);
    private static readonly Style Failure = new(Color.Maroon);

    private ToolLines _tools = new();
    private TurnMeter? _meter;
    private bool _reasoning;
    private bool _lineOpen;

    /// <summary>A turn begins: its clock runs from here.</summary>
    public void Begin() => (_meter, _tools, _reasoning) = (new(time), new(), false);

    public void Show(TurnEvent e)
    {
        _meter?.Observe(e);
        switch (e)
        {
            case TextDelta text: Piece(text.Text, Answer, reasoning: false); break;
            case ReasoningDelta reasoning: Piece(reasoning.Text, Reasoning, reasoning: true); break;
            case ToolStarted started: Line("  " + _tools.Started(started), Tool); break;
            case ToolProgress progress: Line("  " + _tools.Progress(progress), Aside); break;
            case ToolFinished finished: Line("  " + _tools.Finished(finished), finished.Outcome == ToolOutcome.Succeeded ? Tool : Warning); break;
            case ContentAdded content: Line(EventLines.Content(content), Aside); break;
            case Retrying retry: Line(EventLines.Retry(retry), Warning); break;
            case Reset: Line(EventLines.Withdrawn, Warning); break;
            case TerminalEvent end: End(end); break;
        }
    }

    public void Note(string text) => Line(Printable.Text(text), Warning);

    public void Error(string text) => Line(Printable.Text(text), Failure);

    /// <summary>A line of its own, dimmed.</summary>
    public void Say(string text) => Line(Printable.Text(text), Aside);

    /// <summary>Begins a line that a person is to go on with; <see cref="Answered"/> says that they did.</summary>
    public void Ask(string text)
    {
        EndLine();
        console.Write(new RawText(Printable.Text(text), Warning));
        _lineOpen = true;
    }

    /// <summary>The person ended the line, so the cursor is at the beginning of the next.</summary>
    public void Answered() => _lineOpen = false;

    private void Piece(string text, Style style, bool reasoning)
    {
        if (text.Length == 0) return;
        if (reasoning != _reasoning) EndLine();
        _reasoning = reasoning;
        console.Write(new RawText(Printable.Text(text), style));
        _lineOpen = !text.EndsWith('\n');
    }

    private void Line(string text, Style style)
    {
        EndLine();
        console.Write(new RawText(text + "\n", style));
    }

    private void EndLine()
    {
        if (_lineOpen) console.Write(new RawText("\n", Style.Plain));
        _lineOpen = false;
    }

    private void End(TerminalEvent end)
    {
        if (Endings.For(end, agent) is { } words) Line(words, end is TurnFailed ? Failure : Warning);
        if (_meter is { } meter) Line(StatusLine.For(meter.Figures(end.Usage)), Aside);
        _meter = null;
    }
}
