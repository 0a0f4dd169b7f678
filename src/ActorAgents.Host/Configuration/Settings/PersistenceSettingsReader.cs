using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads where durable agents are kept.</summary>
internal sealed class PersistenceSettingsReader(SettingsSource source, ICollection<Mistake> mistakes) : SectionReader(source, mistakes)
{
    public const string Name = "Persistence";

    private const string Kind = "Kind", File = "File", ConnectionString = "ConnectionString";

    public static IReadOnlyDictionary<string, PersistenceKind> Kinds { get; } =
        new SortedDictionary<string, PersistenceKind>(Enum.GetValues<PersistenceKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant()), StringComparer.OrdinalIgnoreCase);

    public PersistenceSettings Read()
    {
        var section = Section(Name);
        OnlyKnown(section, [Kind, File, ConnectionString]);
        var kind = ReadKind(section);
        var file = Text(section, File);
        var connection = Text(section, ConnectionString);
        if (file is not null && kind is not (null or PersistenceKind.Sqlite)) Add(section.GetSection(File), $"is for the kind {Written(PersistenceKind.Sqlite)}.");
        if (connection is not null && kind is not (null or PersistenceKind.PostgreSql)) Add(section.GetSection(ConnectionString), $"is for the kind {Written(PersistenceKind.PostgreSql)}.");
        if (connection is null && kind is PersistenceKind.PostgreSql)
            Add(section.GetSection(ConnectionString), "is missing, such as \"Host=127.0.0.1;Database=agents;Username=agents\". A password is better in the environment: ActorAgents__Persistence__ConnectionString.");
        return new(kind ?? PersistenceKind.Sqlite, file is null ? null : Path.GetFullPath(file), connection);
    }

    /// <returns>Null when it is wrong.</returns>
    private PersistenceKind? ReadKind(IConfigurationSection section)
    {
        if (Text(section, Kind) is not { } name) return PersistenceKind.Sqlite;
        if (Kinds.TryGetValue(name, out var kind)) return kind;
        Add(section.GetSection(Kind), $"'{name}' is not a kind of persistence.{NearestName.Hint(name, Kinds.Keys)} Valid kinds: {NearestName.List(Kinds.Keys)}.");
        return null;
    }

    private static string Written(PersistenceKind kind) => kind.ToString().ToLowerInvariant();
}
