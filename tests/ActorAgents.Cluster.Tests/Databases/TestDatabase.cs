using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>An empty database, which goes with the test.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    public static async Task<TestDatabase> CreateAsync(JournalKind kind) => kind switch
    {
        JournalKind.InMemory => new Memory(),
        JournalKind.Sqlite => new Sqlite(),
        _ => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    };

    public abstract DurableAgentsOptions Options(int snapshotEvery = 50);

    /// <summary>A connection of the test's own.</summary>
    public abstract Task<DbConnection> OpenAsync();

    public Task<long> CountAsync(string table) => ReadAsync($"SELECT count(*) FROM {table}");

    public async Task<long> ReadAsync(string query)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    /// <summary>Waits until as many rows are there: what deletes them reports to nobody.</summary>
    public async Task UntilAsync(string table, long count)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await CountAsync(table) != count) await ticks.WaitForNextTickAsync(time.Token);
    }

    public abstract ValueTask DisposeAsync();

    private sealed class Memory : TestDatabase
    {
        public override DurableAgentsOptions Options(int snapshotEvery) => new() { Journal = JournalKind.InMemory, SnapshotEvery = snapshotEvery };

        public override Task<DbConnection> OpenAsync() => throw new NotSupportedException("There is no database.");

        public override ValueTask DisposeAsync() => default;
    }

    public sealed class Sqlite : TestDatabase
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actoragents-");

        public string Folder => _folder.FullName;

        private string ConnectionString => $"Data Source={Path.Combine(Folder, "made", "agents.db")}";

        public override DurableAgentsOptions Options(int snapshotEvery = 50) =>
            new() { Journal = JournalKind.Sqlite, ConnectionString = ConnectionString, SnapshotEvery = snapshotEvery };

        public override async Task<DbConnection> OpenAsync()
        {
            var connection = new SqliteConnection(ConnectionString + ";Pooling=False");
            await connection.OpenAsync();
            return connection;
        }

        public override ValueTask DisposeAsync()
        {
            using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
            _folder.Delete(recursive: true);
            return default;
        }
    }

    public sealed class Postgres(string connectionString) : TestDatabase
    {
        public override DurableAgentsOptions Options(int snapshotEvery = 50) =>
            new() { Journal = JournalKind.PostgreSql, ConnectionString = connectionString, SnapshotEvery = snapshotEvery };

        public override async Task<DbConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection(connectionString + ";Pooling=False");
            await connection.OpenAsync();
            return connection;
        }

        public override ValueTask DisposeAsync()
        {
            using (var connection = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(connection);
            return default; // The server goes with all of its databases.
        }
    }
}
