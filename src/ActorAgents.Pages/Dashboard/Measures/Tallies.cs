using System.Collections.Concurrent;

namespace ActorAgents.Pages;

/// <summary>One of something for each of a bounded number of names; names that come later share the last. Thread-safe.</summary>
internal sealed class Tallies<T>(int most) where T : class, new()
{
    /// <summary>What names share that came when there was no room.</summary>
    public const string Others = "others";

    private readonly ConcurrentDictionary<string, T> _byName = new(StringComparer.Ordinal);

    /// <summary>A race of new names may pass the bound by as many as there are threads.</summary>
    public T this[string name] => _byName.TryGetValue(name, out var known) ? known : _byName.GetOrAdd(_byName.Count < most ? name : Others, static _ => new T());

    public IEnumerable<KeyValuePair<string, T>> All => _byName;
}
