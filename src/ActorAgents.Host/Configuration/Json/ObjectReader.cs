namespace ActorAgents.Host.Configuration.Json;

/// <summary>
/// Reads the keys of one object and collects what is wrong. Every key asked for counts as known; <see cref="Finish"/> reports the others, so each key
/// must be asked for before it, whatever was wrong with its neighbours.
/// </summary>
internal sealed class ObjectReader(JsonObjectPlace place, string path, string prefix, ICollection<Mistake> mistakes)
{
    private readonly Dictionary<string, JsonMember> _members = place.Members.ToDictionary(m => m.Key, StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>A text; null when absent or wrong.</summary>
    public string? Text(string key)
    {
        if (Find(key) is not { } member) return null;
        if (member.Value is JsonTextPlace text) return text.Value;
        Wrong(member, "must be a text in quotes", member.Value);
        return null;
    }

    /// <summary>A text that must be there and not be blank.</summary>
    public string? RequiredText(string key)
    {
        if (Find(key) is null)
        {
            mistakes.Add(new($"{path}:{place.Line}", $"'{prefix}{key}' is missing."));
            return null;
        }
        if (Text(key) is not { } text) return null;
        if (!string.IsNullOrWhiteSpace(text)) return text;
        Wrong(_members[key], "must not be empty", _members[key].Value);
        return null;
    }

    /// <summary>Texts with their lines; what is not a text is reported and left out.</summary>
    public IReadOnlyList<JsonTextPlace> Texts(string key)
    {
        if (Find(key) is not { } member) return [];
        if (member.Value is not JsonArrayPlace array)
        {
            Wrong(member, "must be an array of texts [ … ]", member.Value);
            return [];
        }
        foreach (var item in array.Items.Where(i => i is not JsonTextPlace)) Wrong(member, "must hold only texts in quotes", item);
        return [.. array.Items.OfType<JsonTextPlace>()];
    }

    /// <summary>An object; null when absent or wrong.</summary>
    public ObjectReader? Object(string key)
    {
        if (Find(key) is not { } member) return null;
        if (member.Value is JsonObjectPlace inner) return new(inner, path, $"{prefix}{key}.", mistakes);
        Wrong(member, "must be an object { … }", member.Value);
        return null;
    }

    /// <summary>All keys, of an object whose keys are the author's choice.</summary>
    public IEnumerable<string> Names() => place.Members.Select(member => member.Key);

    /// <summary>A value of any sort; null when absent.</summary>
    public JsonPlace? Any(string key) => Find(key)?.Value;

    /// <summary>Reports a value that has the wrong content.</summary>
    public void Wrong(string key, string rule, string hint = "") => Wrong(_members[key], rule, _members[key].Value, hint);

    /// <summary>Reports a value without showing it.</summary>
    public void Broken(string key, string rule) => mistakes.Add(new($"{path}:{_members[key].Value.Line}", $"'{prefix}{key}' {rule}."));

    /// <summary>Reports the keys nobody asked for.</summary>
    public void Finish()
    {
        foreach (var member in place.Members.Where(m => !_known.Contains(m.Key)))
            mistakes.Add(new($"{path}:{member.Line}", $"'{prefix}{member.Key}' is not a key that is known here.{NearestName.Hint(member.Key, _known)} Valid keys: {NearestName.List(_known)}."));
    }

    private void Wrong(JsonMember member, string rule, JsonPlace value, string hint = "") =>
        mistakes.Add(new($"{path}:{value.Line}", $"'{prefix}{member.Key}' {rule}, not {value.Shown}.{hint}"));

    private JsonMember? Find(string key)
    {
        _known.Add(key);
        return _members.GetValueOrDefault(key);
    }
}
