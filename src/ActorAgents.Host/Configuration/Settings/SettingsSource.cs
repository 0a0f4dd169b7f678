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
            .AddJsonStream(stream)
            .AddInMemoryCollection(_overrides.Select(o => new KeyValuePair<string, string?>(o.Key, o.Value.Value)))
            .Build();
    }

    public IConfigurationRoot Configuration { get; }

    /// <summary>The section everything is in.</summary>
    public IConfigurationSection Root => Configuration.GetSection(_root);

    /// <summary>Where a section's value comes from.</summary>
    public string Where(IConfigurationSection section) =>
        _overrides.Where(o => o.Key.Equals(section.Path, StringComparison.OrdinalIgnoreCase) || o.Key.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase))
            .Select(o => $"environment variable {o.Value.Variable}").FirstOrDefault() ?? _path;
}
