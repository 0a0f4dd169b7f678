using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorAgents.Cluster;

/// <summary>
/// A turn's events as an array of objects: <c>k</c>, the kind; <c>t</c>, <c>e</c> and <c>s</c>, turn, epoch and seq, where they are not those that follow from
/// the event before; <c>v</c>, the event. There is an event for each token, so a run of pieces of text, or of reasoning, is one object: <c>v</c> is all of the
/// text, or <c>u</c> its UTF-16 in base64 where it begins or ends amid a surrogate pair, and <c>n</c> the lengths of the pieces where there are several.
/// </summary>
internal sealed class EventsConverter<TList>(Func<TurnEvent[], TList> make) : JsonConverter<TList> where TList : IReadOnlyList<TurnEvent>
{
    public override TList Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Events are an array.");
        var events = new List<TurnEvent>();
        var place = new EventPlace();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) EventReader.Read(ref reader, options, place, events);
        return make([.. events]);
    }

    public override void Write(Utf8JsonWriter writer, TList value, JsonSerializerOptions options)
    {
        var events = value as TurnEvent[] ?? [.. value];
        var place = new EventPlace();
        writer.WriteStartArray();
        for (var at = 0; at < events.Length;) at = EventWriter.Write(writer, options, place, events, at);
        writer.WriteEndArray();
    }
}

/// <summary>Where the next event is, unless it says otherwise.</summary>
internal sealed class EventPlace
{
    public TurnRun Run { get; set; } = new(default, 0);
    public long Seq { get; set; }
}

/// <summary>The kinds of events; the names are in what is stored and must not change.</summary>
internal static class EventKinds
{
    public const string Text = "text";
    public const string Reasoning = "reasoning";

    public static readonly FrozenDictionary<Type, string> Names = new Dictionary<Type, string>
    {
        [typeof(TurnStarted)] = "started",
        [typeof(ContentAdded)] = "content",
        [typeof(ToolCallDelta)] = "callDelta",
        [typeof(ToolStarted)] = "toolStarted",
        [typeof(ToolProgress)] = "toolProgress",
        [typeof(ToolFinished)] = "toolFinished",
        [typeof(ApprovalRequested)] = "approval",
        [typeof(Retrying)] = "retrying",
        [typeof(StepFinished)] = "step",
        [typeof(Reset)] = "reset",
        [typeof(TurnCompleted)] = "completed",
        [typeof(TurnInterrupted)] = "interrupted",
        [typeof(TurnFailed)] = "failed",
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, Type> Types = Names.ToFrozenDictionary(kind => kind.Value, kind => kind.Key);
}

internal static class EventWriter
{
    /// <returns>The index of the first event that is still to be written.</returns>
    public static int Write(Utf8JsonWriter writer, JsonSerializerOptions options, EventPlace place, TurnEvent[] events, int at)
    {
        var first = events[at];
        writer.WriteStartObject();
        writer.WriteString("k"u8, first switch { TextDelta => EventKinds.Text, ReasoningDelta => EventKinds.Reasoning, _ => EventKinds.Names[first.GetType()] });
        if (first.Turn != place.Run.Id) writer.WriteString("t"u8, first.Turn.ToString());
        if (first.Epoch != place.Run.Epoch) writer.WriteNumber("e"u8, first.Epoch);
        if (first.Turn != place.Run.Id || first.Epoch != place.Run.Epoch) place.Run = new(first.Turn, first.Epoch);
        if (first.Seq != place.Seq) writer.WriteNumber("s"u8, first.Seq);
        place.Seq = first.Seq + 1;
        at++;
        if (TextOf(first) is { } text) at = WriteRun(writer, place, events, at, text);
        else if (first is not TurnStarted)
        {
            writer.WritePropertyName("v"u8);
            JsonSerializer.Serialize(writer, first, options.GetTypeInfo(first.GetType()));
        }
        writer.WriteEndObject();
        return at;
    }

    private static int WriteRun(Utf8JsonWriter writer, EventPlace place, TurnEvent[] events, int at, string first)
    {
        var (from, length) = (at - 1, first.Length);
        var type = events[from].GetType();
        for (; at < events.Length && Follows(events[at], type, place); at++)
        {
            length += TextOf(events[at])!.Length;
            place.Seq++;
        }
        var buffer = ArrayPool<char>.Shared.Rent(length);
        try
        {
            var filled = 0;
            for (var i = from; i < at; i++)
            {
                var piece = TextOf(events[i])!;
                piece.CopyTo(buffer.AsSpan(filled));
                filled += piece.Length;
            }
            var text = buffer.AsSpan(0, length);
            if (IsWhole(text)) writer.WriteString("v"u8, text);
            else writer.WriteBase64String("u"u8, MemoryMarshal.AsBytes(text));
        }
        finally { ArrayPool<char>.Shared.Return(buffer, clearArray: true); }
        if (at - from == 1) return at;
        writer.WriteStartArray("n"u8);
        for (var i = from; i < at; i++) writer.WriteNumberValue(TextOf(events[i])!.Length);
        writer.WriteEndArray();
        return at;
    }

    private static bool Follows(TurnEvent next, Type type, EventPlace place) =>
        next.GetType() == type && next.Seq == place.Seq && next.Epoch == place.Run.Epoch && next.Turn == place.Run.Id;

    private static string? TextOf(TurnEvent next) => next switch { TextDelta text => text.Text, ReasoningDelta reasoning => reasoning.Text, _ => null };

    /// <summary>No half of a surrogate pair: JSON cannot hold one.</summary>
    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done) return false;
            text = text[(at + length)..];
        }
        return true;
    }
}

internal static class EventReader
{
    /// <summary>Reads the object that the reader is at.</summary>
    public static void Read(ref Utf8JsonReader reader, JsonSerializerOptions options, EventPlace place, List<TurnEvent> events)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An event is an object.");
        string? kind = null;
        TurnEvent? read = null;
        char[]? text = null;
        var length = 0;
        List<int>? lengths = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "k": kind = reader.GetString(); break;
                case "t": place.Run = new(new TurnId(reader.GetString()!), place.Run.Epoch); break;
                case "e": place.Run = new(place.Run.Id, reader.GetInt32()); break;
                case "s": place.Seq = reader.GetInt64(); break;
                case "v" when kind is EventKinds.Text or EventKinds.Reasoning:
                    text = new char[reader.ValueSpan.Length];
                    length = reader.CopyString(text);
                    break;
                case "u" when kind is EventKinds.Text or EventKinds.Reasoning:
                    text = MemoryMarshal.Cast<byte, char>(reader.GetBytesFromBase64()).ToArray();
                    length = text.Length;
                    break;
                case "n": lengths = ReadLengths(ref reader); break;
                case "v" when kind is not null: read = (TurnEvent?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(TypeOf(kind))); break;
                default: reader.Skip(); break;
            }
        }
        switch (kind)
        {
            case EventKinds.Text or EventKinds.Reasoning: AddPieces(kind, text.AsSpan(0, length), lengths, place, events); break;
            case "started": Add(new TurnStarted(), place, events); break;
            default: Add(read ?? throw new JsonException($"An event of kind '{kind}' is empty."), place, events); break;
        }
    }

    private static Type TypeOf(string kind) =>
        EventKinds.Types.GetValueOrDefault(kind) ?? throw new JsonException($"An event of kind '{kind}' is not known here: a newer version wrote it.");

    private static void AddPieces(string kind, ReadOnlySpan<char> text, List<int>? lengths, EventPlace place, List<TurnEvent> events)
    {
        if (lengths is null) Add(Piece(kind, text), place, events);
        else
        {
            foreach (var length in lengths)
            {
                Add(Piece(kind, text[..length]), place, events);
                text = text[length..];
            }
        }
    }

    private static TurnEvent Piece(string kind, ReadOnlySpan<char> text) => kind == EventKinds.Text ? new TextDelta(text.ToString()) : new ReasoningDelta(text.ToString());

    private static void Add(TurnEvent next, EventPlace place, List<TurnEvent> events)
    {
        next.Stamp(place.Run, place.Seq++);
        events.Add(next);
    }

    private static List<int> ReadLengths(ref Utf8JsonReader reader)
    {
        var lengths = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) lengths.Add(reader.GetInt32());
        return lengths;
    }
}
