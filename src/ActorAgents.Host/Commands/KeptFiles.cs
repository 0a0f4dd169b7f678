using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Commands;

/// <summary>The file that conversations are kept in, and who may open it: one process alone, or the nodes of one cluster.</summary>
internal static class KeptFiles
{
    /// <summary>The settings with the file they mean.</summary>
    /// <param name="data">The folder that the command line names, if any.</param>
    public static PersistenceSettings In(string? data, PersistenceSettings settings)
    {
        if (data is not null && settings.Kind != PersistenceKind.Sqlite)
            throw new UsageException($"--data names a folder for conversations, and the settings keep them elsewhere: ActorAgents:Persistence:Kind is {settings.Kind.ToString().ToLowerInvariant()}.");
        if (settings.Kind != PersistenceKind.Sqlite) return settings;
        var file = data is not null ? Path.Combine(Path.GetFullPath(data), PersistenceSettings.DefaultFile) : settings.File ?? Path.Combine(PersistenceSettings.DefaultFolder, PersistenceSettings.DefaultFile);
        return settings with { File = file };
    }

    /// <summary>By a process that serves: for itself where it is all there is, with others where it is a node.</summary>
    /// <returns>Dispose it to let others in; the end of the process does the same. Null when there is no file.</returns>
    /// <exception cref="UsageException">Somebody else has it.</exception>
    public static IDisposable? Claim(Role role, PersistenceSettings settings) =>
        role == Role.Local ? Claim(settings, ".lock", FileAccess.ReadWrite, FileShare.None) : Claim(settings, ".lock", FileAccess.Read, FileShare.Read);

    /// <summary>By what starts the nodes, so that two clusters do not take each other's.</summary>
    public static IDisposable? ClaimForCluster(PersistenceSettings settings) => Claim(settings, ".cluster", FileAccess.ReadWrite, FileShare.None);

    private static FileStream? Claim(PersistenceSettings settings, string suffix, FileAccess access, FileShare share)
    {
        if (settings.File is not { } file) return null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder for conversations cannot be made: {e.Message} Choose another with --data.");
        }
        try
        {
            return new FileStream(file + suffix, FileMode.OpenOrCreate, access, share);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"The folder for conversations cannot be written: {e.Message} Choose another with --data.");
        }
        catch (IOException e) when (!File.Exists(file + suffix))
        {
            throw new UsageException($"{file}{suffix} cannot be made: {e.Message} Choose another folder with --data.");
        }
        catch (IOException)
        {
            throw new UsageException($"{file} is in use: another server or cluster keeps its conversations there. End it, or give this one another folder with --data.");
        }
    }
}
