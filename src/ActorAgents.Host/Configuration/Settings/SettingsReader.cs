using ActorAgents.Host.Providers;
using ActorAgents.Host.Providers.Remote;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads and checks the settings; every mistake is collected.</summary>
internal sealed class SettingsReader(SettingsSource source, IReadOnlyDictionary<string, ProviderKind> kinds, ICollection<Mistake> mistakes)
    : SectionReader(source, mistakes)
{
    private const string DefaultKind = "DefaultKind", MaxLiveTurns = "MaxLiveTurns", Providers = "Providers", Kind = "Kind";

    private readonly SettingsSource _source = source;
    private readonly ICollection<Mistake> _mistakes = mistakes;

    public HostSettings Read()
    {
        OnlyKnown(Root, [DefaultKind, MaxLiveTurns, Providers, PersistenceSettingsReader.Name, ClusterSettingsReader.Name, .. ServerSettingsReader.Names]);
        ProviderSettings[] providers = [.. ReadProviders()];
        foreach (var provider in providers) CheckFallback(provider);
        return new(
            Text(Root, DefaultKind) ?? "assistant", Whole(Root, MaxLiveTurns), providers, new ServerSettingsReader(_source, _mistakes).Read(),
            new PersistenceSettingsReader(_source, _mistakes).Read(), new ClusterSettingsReader(_source, _mistakes).Read());
    }

    private IEnumerable<ProviderSettings> ReadProviders()
    {
        var section = Root.GetSection(Providers);
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

    private void CheckFallback(ProviderSettings provider)
    {
        if (!provider.Values.TryGetValue(RemoteKeys.Fallback, out var fallback)) return;
        var section = Root.GetSection(Providers);
        var others = section.GetChildren().Select(other => other.Key).Where(name => name != provider.Name).ToList();
        foreach (var unknown in RemoteKeys.Names(fallback).Where(name => !others.Contains(name)))
        {
            Add(section.GetSection(provider.Name).GetSection(RemoteKeys.Fallback),
                $"names '{unknown}', which is no other provider.{NearestName.Hint(unknown, others)} Others: {(others.Count == 0 ? "none" : NearestName.List(others))}.");
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
}
