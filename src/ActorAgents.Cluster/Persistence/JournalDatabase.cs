using System.Data.Common;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorAgents.Cluster;

/// <summary>The database of the journals: how it is opened, and whether it can be.</summary>
internal static class JournalDatabase
{
    // WAL, so that reading goes on while something is written, and a commit is one sync. FULL: what was committed is there after a loss of power too.
    // What is deleted is overwritten, since it may be a conversation that somebody wanted gone.
    private const string SqlitePragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";

    /// <summary>For Akka.Persistence.Sql. The connection string goes in here and not in the configuration, which may be logged.</summary>
    public static DataOptions Options(JournalKind journal, string connectionString) => journal switch
    {
        JournalKind.Sqlite => new DataOptions().UseConnectionString(ProviderName.SQLiteMS, connectionString).UseAfterConnectionOpened(Prepare, PrepareAsync),
        JournalKind.PostgreSql => new DataOptions().UseConnectionString(ProviderName.PostgreSQL15, connectionString),
        _ => throw new ArgumentOutOfRangeException(nameof(journal), journal, "It is no database."),
    };

    /// <returns>The connection string; null where there is no database.</returns>
    /// <exception cref="AgentConfigurationException">It is missing, malformed, or given where there is no database.</exception>
    public static string? Checked(DurableAgentsOptions options)
    {
        const string setting = $"{nameof(DurableAgentsOptions)}.{nameof(DurableAgentsOptions.ConnectionString)}";
        if (options.Journal == JournalKind.InMemory)
            return options.ConnectionString is null ? null : throw new AgentConfigurationException($"{setting} is given, and a journal of kind {options.Journal} has no database: say which {nameof(JournalKind)} it is.");
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            throw new AgentConfigurationException($"{setting} is missing: a journal of kind {options.Journal} needs it.");
        try
        {
            DbConnectionStringBuilder read = options.Journal == JournalKind.Sqlite
                ? new SqliteConnectionStringBuilder(options.ConnectionString)
                : new NpgsqlConnectionStringBuilder(options.ConnectionString);
            if (read is SqliteConnectionStringBuilder { DataSource: "" or ":memory:" } or SqliteConnectionStringBuilder { Mode: SqliteOpenMode.Memory })
                throw new AgentConfigurationException($"{setting} names no file: a journal of kind {options.Journal} needs one.");
            return read.ConnectionString;
        }
        catch (ArgumentException) // Its message may quote a part, such as the password.
        {
            throw new AgentConfigurationException($"{setting} is not what a journal of kind {options.Journal} reads.");
        }
    }

    /// <summary>Opens it once.</summary>
    /// <exception cref="DbException">It cannot be.</exception>
    public static async Task OpenAsync(JournalKind journal, string connectionString, CancellationToken token)
    {
        if (journal == JournalKind.Sqlite && Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource)) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        await using var connection = Connection(journal, connectionString);
        await connection.OpenAsync(token).ConfigureAwait(false);
        if (journal == JournalKind.Sqlite) await PrepareAsync(connection, token).ConfigureAwait(false);
    }

    /// <summary>Asks it something: an open connection may be to a server that is gone.</summary>
    /// <exception cref="DbException">It does not answer.</exception>
    public static async Task AskAsync(JournalKind journal, string connectionString, CancellationToken token)
    {
        await using var connection = Connection(journal, connectionString);
        await connection.OpenAsync(token).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        await command.ExecuteScalarAsync(token).ConfigureAwait(false);
    }

    private static DbConnection Connection(JournalKind journal, string connectionString) =>
        journal == JournalKind.Sqlite ? new SqliteConnection(connectionString) : new NpgsqlConnection(connectionString);

    private static void Prepare(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SqlitePragmas;
        command.ExecuteNonQuery();
    }

    private static async Task PrepareAsync(DbConnection connection, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = SqlitePragmas;
        await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
    }
}
