namespace ActorAgents.Host.Configuration;

/// <summary>Where the configuration is.</summary>
/// <param name="Config">What this program and Serilog read.</param>
/// <param name="Hocon">What Akka reads.</param>
internal sealed record ConfigurationFolders(string Config, string Hocon)
{
    /// <summary>The folders beside the program, whatever the working directory; or the one given, with its own <c>hocon</c> if it has one.</summary>
    public static ConfigurationFolders Find(string? given)
    {
        var hocon = Path.Combine(AppContext.BaseDirectory, "hocon");
        if (given is null) return new(Path.Combine(AppContext.BaseDirectory, "config"), hocon);
        var own = Path.Combine(Path.GetFullPath(given), "hocon");
        return new(Path.GetFullPath(given), Directory.Exists(own) ? own : hocon);
    }

    public string Settings => Path.Combine(Config, "appsettings.json");
    public string Serilog => Path.Combine(Config, "serilog.json");
    public string Agents => Path.Combine(Config, "agents");
}
