namespace ActorAgents.Cluster;

/// <summary>Where journals are.</summary>
public enum JournalKind
{
    /// <summary>In this process: agents outlive a stop of their actor and nothing else. For tests.</summary>
    InMemory,
    /// <summary>In a file, for one process, or for trying out a cluster on one machine.</summary>
    Sqlite,
    /// <summary>In a PostgreSQL database, for one process or a cluster.</summary>
    PostgreSql,
}

/// <summary>How agents are kept. It holds a secret where a database asks for one: it is written to no log.</summary>
public sealed class DurableAgentsOptions
{
    /// <summary>Where to.</summary>
    public JournalKind Journal { get; init; }

    /// <summary>
    /// The database; none in memory. Of SQLite it is <c>Data Source=</c> and a path, whose folder is made where it is missing. Of PostgreSQL it is what Npgsql reads; the tables are made where they are missing.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>A snapshot is saved every so many writes of an agent: fewer make agents start faster, and write more.</summary>
    public int SnapshotEvery { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(SnapshotEvery), value, "Use at least 1."); } = 50;

    /// <summary>How long the start waits for the database.</summary>
    public TimeSpan StartTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(StartTimeout), value, "Use a positive time.");
    } = TimeSpan.FromSeconds(15);

    /// <summary>Keeps agents in this process only.</summary>
    public static DurableAgentsOptions InMemory() => new() { Journal = JournalKind.InMemory };

    /// <summary>Keeps agents in a file.</summary>
    public static DurableAgentsOptions Sqlite(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new() { Journal = JournalKind.Sqlite, ConnectionString = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder { DataSource = path }.ConnectionString };
    }

    /// <summary>Keeps agents in a PostgreSQL database.</summary>
    public static DurableAgentsOptions PostgreSql(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return new() { Journal = JournalKind.PostgreSql, ConnectionString = connectionString };
    }
}
