namespace ActorAgents.Host.Logging;

/// <summary>Where log files go unless the environment says otherwise: with the user's data, so that no working directory is littered.</summary>
internal static class LogFolder
{
    /// <summary><c>serilog.json</c> refers to it as <c>%ACTORAGENTS_LOGS%</c>.</summary>
    public const string Variable = "ACTORAGENTS_LOGS";

    /// <summary>Sets the variable for this process, unless it is set, and gives its value.</summary>
    public static string Use()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given;
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "ActorAgents", "logs");
        Environment.SetEnvironmentVariable(Variable, folder);
        return folder;
    }
}
