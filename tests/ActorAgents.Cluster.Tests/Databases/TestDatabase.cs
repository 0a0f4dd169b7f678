using Microsoft.Data.Sqlite;

namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>A database of a test.</summary>
public abstract class TestDatabase : IDisposable
{
    /// <summary>Opened anew, it has what was written.</summary>
    public virtual bool IsKept => true;

    public abstract DurableAgentsOptions Options(int snapshotEvery = 50);

    public abstract void Dispose();
}

public sealed class MemoryDatabase : TestDatabase
{
    public override bool IsKept => false;

    public override DurableAgentsOptions Options(int snapshotEvery) => new() { Journal = JournalKind.InMemory, SnapshotEvery = snapshotEvery };

    public override void Dispose() { }
}

public sealed class SqliteDatabase : TestDatabase
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("journals-");

    public string File => Path.Combine(Folder.FullName, "agents.db");

    public override DurableAgentsOptions Options(int snapshotEvery = 50) =>
        new() { Journal = JournalKind.Sqlite, ConnectionString = $"Data Source={File}", SnapshotEvery = snapshotEvery };

    public override void Dispose()
    {
        using (var connection = new SqliteConnection(Options().ConnectionString)) SqliteConnection.ClearPool(connection);
        Folder.Delete(recursive: true);
    }
}
