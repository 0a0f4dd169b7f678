using System.Collections;
using ActorAgents.Host.Configuration.Json;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>A settings file with the environment's values laid over it; knows which of the two a value came from.</summary>
internal sealed class SettingsSource
{
    private readonly Dictionary<string, (string Variable, string? Value)> _overrides = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _path;
    private readonly string _root;

    /// <param name="path">Must have been read without a mistake before.</param>
    /// <param name="root">The only key the file may have at its top; the environment's variables begin with it and <c>__</c>.</param>
    public SettingsSource(string path, JsonObjectPlace file, string root, IDictionary environment, ICollection<Mistake> mistakes)
    {
        (_path, _root) = (path, root);
        foreach (var member in file.Members.Where(m => !m.Key.Equals(root, StringComparison.OrdinalIgnoreCase)))
            mistakes.Add(new($"{path}:{member.Line}", $"'{member.Key}' is not a key that is known here.{NearestName.Hint(member.Key, [root])} Valid keys: {root}."));
        foreach (DictionaryEntry entry in environment)
            if (entry.Key is string variable && variable.StartsWith(root + "__", StringComparison.OrdinalIgnoreCase))
                _overrides[variable.Replace("__", ConfigurationPath.KeyDelimiter)] = (variable, entry.Value as string);
        using var stream = File.OpenRead(path);
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Remaining(new ConfigurationBuilder().AddJsonStream(stream).Build()))
            .AddInMemoryCollection(_overrides.Select(o => new KeyValuePair<string, string?>(o.Key, o.Value.Value)))
            .Build();
    }

    /// <summary>
    /// What the environment leaves of the file. An object that it makes another <c>Kind</c> is wholly its own: the keys that the file has there, and a key
    /// for another provider among them, were written for the kind that it was.
    /// </summary>
    private IEnumerable<KeyValuePair<string, string?>> Remaining(IConfigurationRoot file)
    {
        var replaced = _overrides.Where(o => o.Key.EndsWith(":Kind", StringComparison.OrdinalIgnoreCase) && file[o.Key] is { } was
                && !was.Equals(o.Value.Value, StringComparison.OrdinalIgnoreCase))
            .Select(o => o.Key[..^"Kind".Length]).ToList();
        return file.AsEnumerable().Where(pair => !replaced.Any(start => pair.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase)));
    }

    public IConfigurationRoot Configuration { get; }

    /// <summary>The section everything is in.</summary>
    public IConfigurationSection Root => Configuration.GetSection(_root);

    /// <summary>Where a section's value comes from.</summary>
    public string Where(IConfigurationSection section) =>
        _overrides.Where(o => o.Key.Equals(section.Path, StringComparison.OrdinalIgnoreCase) || o.Key.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase))
            .Select(o => $"environment variable {o.Value.Variable}").FirstOrDefault() ?? _path;
}
