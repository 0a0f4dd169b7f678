using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// An object within a request's body. Members are asked for by name and type; a wrong type is an error that says where. Members nobody asks for are
/// ignored, and null is the same as absent.
/// </summary>
internal readonly struct RequestObject(JsonElement element, string path)
{
    public string Path => path;

    public JsonElement Element => element;

    public string RequiredText(string name) => Text(name) ?? throw Missing(name, "a string");

    public string? Text(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public bool Flag(string name) => OptionalFlag(name) ?? false;

    public bool? OptionalFlag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(value, PathOf(name), "true or false");

    public float? Number(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number) ? number
        : throw Wrong(value, PathOf(name), "a number");

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public int? Integer(string name, int least) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least ? number
        : throw Wrong(value, PathOf(name), $"a whole number from {least} to {int.MaxValue}");

    public long? Long(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Wrong(value, PathOf(name), "a whole number of 64 bits");

    public RequestObject? Object(string name) => Find(name) is { } value ? ObjectOf(value, PathOf(name)) : null;

    /// <summary>The objects of an array; none when it is absent.</summary>
    public IEnumerable<RequestObject> Objects(string name)
    {
        if (Items(name) is not { } items) yield break;
        foreach (var (item, at) in items) yield return ObjectOf(item, at);
    }

    public IReadOnlyList<string>? Texts(string name) => Items(name)?.Select(item => TextOf(item.Value, item.Path)).ToList();

    /// <summary>Any value, unread.</summary>
    public JsonElement? Find(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public HttpErrorException Missing(string name, string what) => new(HttpError.BadRequest($"'{PathOf(name)}' is missing: give {what}.", PathOf(name)));

    public HttpErrorException Wrong(string name, string what) => new(HttpError.BadRequest($"'{PathOf(name)}' must be {what}.", PathOf(name)));

    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private List<(JsonElement Value, string Path)>? Items(string name)
    {
        if (Find(name) is not { } value) return null;
        var at = PathOf(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((item, i) => (item, $"{at}[{i}]"))] : throw Wrong(value, at, "an array");
    }

    private static RequestObject ObjectOf(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.Object ? new(value, at) : throw Wrong(value, at, "an object");

    private static string TextOf(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(value, at, "a string");

    private static HttpErrorException Wrong(JsonElement value, string at, string what) =>
        new(HttpError.BadRequest($"'{at}' must be {what}, not {Describe(value)}.", at));

    private static string Describe(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetRawText() is { Length: < 30 } raw ? raw : "that number" : Name(value.ValueKind);
}
