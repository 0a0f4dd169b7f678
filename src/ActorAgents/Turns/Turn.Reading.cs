namespace ActorAgents;

// What every piece of text needs is here and in the step that is read, and not in the loop: of thousands of turns few are in a processor's cache at a time, so
// that a piece costs what it touches. All of it is the owner's unless marked otherwise.
internal sealed partial class Turn
{
    private readonly TurnRun _run;
    private readonly TimeProvider _time;
    private readonly int _maxTextChars;
    private Step? _reading;
    private Shown _shown;
    private TextDelta? _delta;
    private long _seq;
    private long _silentSince;
    private int _chunks;
    private TurnText _text;

    /// <summary>What its events share.</summary>
    public TurnRun Run => _run;

    /// <summary>What it delivered.</summary>
    public ref TurnText Text => ref _text;

    /// <summary>Text chunks delivered so far; for any thread.</summary>
    public int Chunks => Volatile.Read(ref _chunks);

    /// <summary>Since when a waiting reader waits for the provider; zero when it waits for something else. Until the step's first content that is one wait. For any thread.</summary>
    public long SilentSince => Volatile.Read(ref _silentSince);

    /// <summary>Whether the step that is read gave anything yet; for any thread.</summary>
    public bool HasOutput => Volatile.Read(ref _reading) is { HasOutput: true };

    public TurnEvent Current => _shown.Event;
    StreamChunk IAsyncEnumerator<StreamChunk>.Current => _shown.Chunk(Id);

    private Exception? ToThrow => View == TurnView.Text && _shown.IsThrown ? _shown.Exception(_loop.Caller.Token) : null;

    /// <summary>Makes what comes next, as the view shows it, the current: nothing after the end. False when it is not there yet.</summary>
    private bool TryAdvance()
    {
        try { return Advance(); }
        catch (Exception exception) // Of foreign code, such as a classifier: it ends this turn and nothing else.
        {
            _loop.Break(exception);
            return Advance();
        }
    }

    private bool Advance()
    {
        while (true)
        {
            TurnEvent? next = null;
            if (_reading is { } step && !IsStopped)
            {
                switch (step.Advance(out var piece, out next))
                {
                    case StepProgress.Waiting:
                        return false;
                    case StepProgress.Given when piece is null:
                        Stamp(next!);
                        break;
                    case StepProgress.Given when View == TurnView.Text:
                        _seq++;
                        _shown.Show(piece);
                        return true;
                    case StepProgress.Given:
                        next = Stamp(View == TurnView.Events ? new(piece) : (_delta ??= new(piece)).With(piece));
                        break;
                }
            }
            next ??= _loop.Next();
            if (next is null && _reading is not null) continue; // It began a step.
            if (next is null && !_loop.IsOver) return false;
            if (View == TurnView.Text && next is not (null or TerminalEvent)) continue;
            _shown.Show(next);
            return true;
        }
    }

    /// <summary>By the loop: from here on the turn reads this step by itself, until the loop gives it another or none.</summary>
    public void Read(Step? step)
    {
        _reading = step;
        Volatile.Write(ref _silentSince, 0);
    }

    /// <summary>Gives an event its place.</summary>
    public TurnEvent Stamp(TurnEvent next)
    {
        next.Stamp(_run, ++_seq);
        return next;
    }

    /// <summary>By the step: a piece of text is delivered.</summary>
    public void Append(string piece)
    {
        _text.Append(piece);
        _chunks++;
        if (_text.Length > _maxTextChars) Stop(InterruptReason.TextLimit);
    }

    /// <summary>The reader is about to wait.</summary>
    private void Parking()
    {
        if (_reading is { } step && (_silentSince == 0 || step.HasOutput)) Volatile.Write(ref _silentSince, _time.GetTimestamp());
    }
}
