namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Where durable agents are kept.</summary>
/// <param name="File">Of <see cref="PersistenceKind.Sqlite"/>: the database; absent, one in the data folder.</param>
/// <param name="ConnectionString">Of <see cref="PersistenceKind.PostgreSql"/>.</param>
internal sealed record PersistenceSettings(PersistenceKind Kind, string? File, string? ConnectionString)
{
    public const string DefaultFile = "agents.db";

    /// <summary>The folder that files are in unless something else is said: with the user's data, as the logs.</summary>
    public static string DefaultFolder
    {
        get
        {
            var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "ActorAgents", "data");
        }
    }
}

internal enum PersistenceKind
{
    /// <summary>It ends with the process.</summary>
    Memory,
    /// <summary>A file, for the nodes on one machine.</summary>
    Sqlite,
    /// <summary>A server, for any number of nodes.</summary>
    PostgreSql,
}
