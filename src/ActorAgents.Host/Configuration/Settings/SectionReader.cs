using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads sections of the settings; what is wrong is collected with where it was said.</summary>
internal abstract class SectionReader(SettingsSource source, ICollection<Mistake> mistakes)
{
    protected IConfigurationSection Root => source.Root;

    protected void OnlyKnown(IConfigurationSection section, IReadOnlyCollection<string> known)
    {
        foreach (var child in section.GetChildren().Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            Add(child, $"is not a key that is known here.{NearestName.Hint(child.Key, known)} Valid keys: {NearestName.List(known)}.");
    }

    /// <summary>Null when it is absent or blank.</summary>
    protected string? Text(IConfigurationSection section, string key)
    {
        var value = section.GetSection(key);
        if (value.Value is null && value.GetChildren().Any()) Add(value, "must be a single value.");
        return string.IsNullOrWhiteSpace(value.Value) ? null : value.Value;
    }

    /// <summary>A list, or one text with its items separated by commas or semicolons, as environment variables have it.</summary>
    protected IReadOnlyList<string> Texts(IConfigurationSection section, string key)
    {
        var value = section.GetSection(key);
        return value.Value is { } text ? text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. value.GetChildren().Select(item => Text(value, item.Key)).OfType<string>()];
    }

    /// <summary>A section that holds others. One that is a value would be passed over in silence.</summary>
    protected IConfigurationSection Section(string key)
    {
        var section = Root.GetSection(key);
        if (!string.IsNullOrEmpty(section.Value)) Add(section, "must be an object, not a single value.");
        return section;
    }

    /// <summary>A count; null when it is absent.</summary>
    /// <param name="otherwise">What holds then, for the message.</param>
    protected int? Whole(IConfigurationSection section, string key, int least = 1, string otherwise = "no bound")
    {
        if (Text(section, key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least) return number;
        Add(section.GetSection(key), $"must be a whole number from {least}, not '{text}'. Leave it out for {otherwise}.");
        return null;
    }

    protected bool Flag(IConfigurationSection section, string key, bool otherwise = false)
    {
        if (Text(section, key) is not { } text) return otherwise;
        if (bool.TryParse(text, out var flag)) return flag;
        Add(section.GetSection(key), $"must be true or false, not '{text}'.");
        return otherwise;
    }

    protected void Add(IConfigurationSection section, string what) => mistakes.Add(new(source.Where(section), $"'{section.Path}' {what}"));
}
