namespace ActorAgents.Host.Logging;

/// <summary>Where an unexpected error is kept, since the logger may be what failed.</summary>
internal static class CrashFile
{
    /// <returns>The file, or why there is none.</returns>
    public static string Write(Exception error)
    {
        var path = Path.Combine(LogFolder.Use(), "crash.log");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.AppendAllText(path, $"{TimeProvider.System.GetUtcNow():o} {error}\n\n");
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} could not be written: {e.Message}";
        }
    }
}
