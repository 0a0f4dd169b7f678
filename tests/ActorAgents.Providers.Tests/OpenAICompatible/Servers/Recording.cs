using System.Text;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>A recorded answer of 200 events, and what of it has arrived after so many bytes.</summary>
internal sealed class Recording
{
    private const int Events = 200;

    private readonly List<(int End, string Text)> _texts = [];

    /// <param name="isChunked">Every event is a chunk; otherwise the body ends with the connection.</param>
    public Recording(bool isChunked)
    {
        var wire = new StringBuilder(isChunked ? Wire.ChunkedHead : Wire.EventsHead);
        var text = "";
        for (var i = 0; i < Events - 3; i++)
        {
            var word = i % 10 == 0 ? "ä" : $"{i % 10}";
            Add(Wire.Event($$$"""{"choices":[{"delta":{"content":"{{{word}}}"}}]}"""));
            _texts.Add((EndOfEvent(), text += word));
        }
        Add(Wire.Event("""{"choices":[{"delta":{},"finish_reason":"stop"}]}"""));
        EndOfFinish = EndOfEvent();
        Add(Wire.Event("""{"choices":[],"usage":{"prompt_tokens":1}}"""));
        Add(Wire.Done);
        EndOfAnswer = EndOfEvent();
        if (isChunked) wire.Append("0\r\n\r\n");
        Bytes = Encoding.UTF8.GetBytes(wire.ToString());

        void Add(string data) => wire.Append(isChunked ? Wire.Chunk(data) : data);
        int EndOfEvent() => Encoding.UTF8.GetByteCount(wire.ToString()) - (isChunked ? 2 : 0); // The line end after a chunk is not the event's.
    }

    public byte[] Bytes { get; }

    /// <summary>With so many bytes the finish reason has arrived.</summary>
    public int EndOfFinish { get; }

    /// <summary>With so many bytes the server has said that the answer is over.</summary>
    public int EndOfAnswer { get; }

    public string TextAfter(int bytes)
    {
        var index = _texts.FindLastIndex(text => text.End <= bytes);
        return index < 0 ? "" : _texts[index].Text;
    }
}
