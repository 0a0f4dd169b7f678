namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>Whether PostgreSQL is installed.</summary>
internal static class PostgresInstallation
{
    /// <summary>Set to <c>required</c>, as in CI, its absence is a failure.</summary>
    private const string Variable = "ACTORAGENTS_INTEROP";

    private static readonly string[] Tools = ["initdb", "postgres", "pg_ctl"];

    private static readonly string? Folder = FindFolder();

    /// <summary>Why the tests cannot run; null when they can, or must.</summary>
    public static string? WhyNot { get; } = Folder is not null || Environment.GetEnvironmentVariable(Variable) == "required"
        ? null
        : "PostgreSQL is not installed: initdb, postgres and pg_ctl are neither in the path nor in /usr/lib/postgresql.";

    public static string Tool(string name) =>
        Path.Combine(Folder ?? throw new FileNotFoundException($"{Variable} is required, and PostgreSQL is not installed: apt-get install postgresql"), name);

    private static string? FindFolder()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(folder => Tools.All(tool => File.Exists(Path.Combine(folder, tool))));
    }
}
