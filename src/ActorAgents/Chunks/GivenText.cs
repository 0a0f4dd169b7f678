using System.Text;

namespace ActorAgents;

/// <summary>What a reader has of a turn, and whether it can be gone on from where nothing can be taken back.</summary>
internal sealed class GivenText
{
    private readonly StringBuilder _text = new();
    private long _last;

    public string Text => _text.ToString();

    /// <summary>Of an event that the reader is given.</summary>
    public void Add(TurnEvent next)
    {
        if (next is TextDelta delta) _text.Append(delta.Text);
        _last = next.Seq;
    }

    /// <summary>By a reader that was told to take it back.</summary>
    public void Clear() => _text.Clear();

    /// <summary>By a reader that cannot take anything back.</summary>
    /// <exception cref="StreamInterruptedException">Something of it is withdrawn, and would come twice.</exception>
    public void Check(TurnEvent next)
    {
        if (next is Reset reset && reset.FromSeq < _last) throw new StreamInterruptedException(InterruptReason.NodeLost, Text, next.Turn);
    }
}
