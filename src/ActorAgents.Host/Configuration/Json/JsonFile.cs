using System.Text;
using System.Text.Json;

namespace ActorAgents.Host.Configuration.Json;

/// <summary>Reads a JSON file strictly: comments are allowed, duplicate keys and trailing commas are not.</summary>
internal sealed class JsonFile
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly StringComparer _keys;
    private readonly ICollection<Mistake> _mistakes;

    private JsonFile(string path, byte[] bytes, StringComparer keys, ICollection<Mistake> mistakes) => (_path, _bytes, _keys, _mistakes) = (path, bytes, keys, mistakes);

    /// <param name="keys">When two keys are the same.</param>
    /// <returns>The object in the file, or null when it could not be read; then a mistake says why.</returns>
    public static JsonObjectPlace? Read(string path, StringComparer keys, ICollection<Mistake> mistakes)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return new JsonFile(path, bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes, keys, mistakes).Root();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(new(path, e is FileNotFoundException or DirectoryNotFoundException ? "the file is missing." : $"cannot be read: {e.Message}"));
            return null;
        }
    }

    private JsonObjectPlace? Root()
    {
        try
        {
            var reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
            reader.Read();
            var root = Value(ref reader);
            reader.Read();
            if (root is JsonObjectPlace place) return place;
            _mistakes.Add(new($"{_path}:{root.Line}", $"expected an object {{ … }}, found {root.Shown}."));
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:")[0];
            _mistakes.Add(new($"{_path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}", $"not valid JSON: {reason}"));
        }
        return null;
    }

    private JsonPlace Value(ref Utf8JsonReader reader)
    {
        var line = LineAt(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return Members(ref reader, line);
            case JsonTokenType.StartArray: return Items(ref reader, line);
            case JsonTokenType.String: return new JsonTextPlace(line, Text(ref reader));
            default: return new JsonLiteralPlace(line, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private JsonObjectPlace Members(ref Utf8JsonReader reader, int line)
    {
        var members = new List<JsonMember>();
        var first = new Dictionary<string, int>(_keys);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            var keyLine = LineAt(reader.TokenStartIndex);
            reader.Read();
            var value = Value(ref reader);
            if (first.TryAdd(key, keyLine)) members.Add(new(key, keyLine, value));
            else _mistakes.Add(new($"{_path}:{keyLine}", $"the key '{key}' is there twice; it was first given in line {first[key]}."));
        }
        return new(line, members);
    }

    private JsonArrayPlace Items(ref Utf8JsonReader reader, int line)
    {
        var items = new List<JsonPlace>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value(ref reader));
        return new(line, items);
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape or byte sequence that is no text; the reader itself does not look that closely.
            _mistakes.Add(new($"{_path}:{LineAt(reader.TokenStartIndex)}", "a string is not valid Unicode text."));
            return "";
        }
    }

    private int LineAt(long index) => _bytes.AsSpan(0, (int)index).Count((byte)'\n') + 1;
}
