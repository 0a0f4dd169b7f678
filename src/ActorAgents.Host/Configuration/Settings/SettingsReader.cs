using System.Globalization;
using ActorAgents.Host.Providers;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads and checks the settings; every mistake is collected.</summary>
internal sealed class SettingsReader(SettingsSource source, IReadOnlyDictionary<string, ProviderKind> kinds, ICollection<Mistake> mistakes)
{
    private const string DefaultKind = "DefaultKind", MaxLiveTurns = "MaxLiveTurns", Providers = "Providers", Kind = "Kind";

    public HostSettings Read()
    {
        OnlyKnown(source.Root, [DefaultKind, MaxLiveTurns, Providers]);
        return new(Text(source.Root, DefaultKind) ?? "assistant", Turns(), [.. ReadProviders()]);
    }

    private int? Turns()
    {
        if (Text(source.Root, MaxLiveTurns) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var turns) && turns >= 1) return turns;
        Add(source.Root.GetSection(MaxLiveTurns), $"must be a whole number from 1, not '{text}'. Leave it out for no bound.");
        return null;
    }

    private IEnumerable<ProviderSettings> ReadProviders()
    {
        var section = source.Root.GetSection(Providers);
        if (!section.GetChildren().Any()) Add(section, "must hold at least one provider, such as \"default\": { \"Kind\": \"embedded\" }.");
        foreach (var provider in section.GetChildren())
        {
            if (!provider.GetChildren().Any()) Add(provider, "must be an object with a \"Kind\".");
            else if (Text(provider, Kind) is not { } name) Add(provider, $"has no '{Kind}'. Valid kinds: {NearestName.List(kinds.Keys)}.");
            else if (!kinds.TryGetValue(name, out var kind))
                Add(provider.GetSection(Kind), $"'{name}' is not a provider kind.{NearestName.Hint(name, kinds.Keys)} Valid kinds: {NearestName.List(kinds.Keys)}.");
            else yield return new(provider.Key, kind, Values(provider, kind));
        }
    }

    private Dictionary<string, string> Values(IConfigurationSection provider, ProviderKind kind)
    {
        OnlyKnown(provider, [Kind, .. kind.Keys.Select(k => k.Name)]);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in kind.Keys)
        {
            var section = provider.GetSection(key.Name);
            if (key.IsObject)
            {
                if (section.Value is { Length: > 0 }) Add(section, $"must be {key.Valid}.");
                foreach (var child in section.GetChildren()) Check(key, child, Text(section, child.Key));
            }
            else if (Text(provider, key.Name) is { } text) Check(key, section, text);
            else if (key.Required) Add(section, $"is missing: a provider of kind '{kind.Name}' needs it. Valid: {key.Valid}.");
        }
        return values;

        void Check(ProviderKey key, IConfigurationSection section, string? text)
        {
            if (text is null) return;
            if (key.IsValid(text)) values[section.Path[(provider.Path.Length + 1)..]] = text;
            else Add(section, $"must be {key.Valid}{(key.IsSecret ? "" : $", not '{text}'")}.");
        }
    }

    private void OnlyKnown(IConfigurationSection section, IReadOnlyCollection<string> known)
    {
        foreach (var child in section.GetChildren().Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            Add(child, $"is not a key that is known here.{NearestName.Hint(child.Key, known)} Valid keys: {NearestName.List(known)}.");
    }

    private string? Text(IConfigurationSection section, string key)
    {
        var value = section.GetSection(key);
        if (value.Value is null && value.GetChildren().Any()) Add(value, "must be a single value.");
        return string.IsNullOrWhiteSpace(value.Value) ? null : value.Value;
    }

    private void Add(IConfigurationSection section, string what) => mistakes.Add(new(source.Where(section), $"'{section.Path}' {what}"));
}
