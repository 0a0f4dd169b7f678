using System.Text;

namespace ActorAgents;

/// <summary>What a reader that cannot take anything back has of a turn.</summary>
internal sealed class GivenText
{
    private readonly StringBuilder _text = new();
    private long _last;

    /// <summary>Of an event that the reader is given.</summary>
    public void Add(TurnEvent next)
    {
        if (next is TextDelta delta) _text.Append(delta.Text);
        _last = next.Seq;
    }

    /// <exception cref="StreamInterruptedException">Something of it is withdrawn, and would come twice.</exception>
    public void Check(TurnEvent next)
    {
        if (next is Reset reset && reset.FromSeq < _last) throw new StreamInterruptedException(InterruptReason.NodeLost, _text.ToString(), next.Turn);
    }
}
