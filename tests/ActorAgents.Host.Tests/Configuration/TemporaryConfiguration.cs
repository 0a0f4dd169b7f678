using ActorAgents.Host.Configuration;

namespace ActorAgents.Host.Tests.Configuration;

/// <summary>A copy of a small valid configuration in a folder of its own, to be broken by a test.</summary>
internal sealed class TemporaryConfiguration : IDisposable
{
    public TemporaryConfiguration()
    {
        Write("appsettings.json", """{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded", "Pace": "none" } } } }""");
        Write("serilog.json", """{ "Serilog": { "MinimumLevel": "Fatal" } }""");
        Write("agents/helper.json", """{ "kind": "helper", "instructions": "Help.", "tools": [ "clock" ] }""");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("actoragents-").FullName;
    public Dictionary<string, string?> Environment { get; } = [];

    public string Path(string file) => System.IO.Path.Combine(Folder, file);

    public TemporaryConfiguration Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(file))!);
        File.WriteAllText(Path(file), text);
        return this;
    }

    public TemporaryConfiguration Delete(string file)
    {
        if (Directory.Exists(Path(file))) Directory.Delete(Path(file), recursive: true);
        else File.Delete(Path(file));
        return this;
    }

    public HostConfiguration Load() => Load(Role.Local);

    public HostConfiguration Load(Role role) => HostConfiguration.Load(ConfigurationFolders.Find(Folder), role, Environment);

    /// <summary>The mistakes, with the folder's name taken out.</summary>
    public IReadOnlyList<string> Mistakes() =>
        [.. Assert.Throws<HostConfigurationException>(Load).Mistakes.Select(m => m.ToString().Replace(Folder + System.IO.Path.DirectorySeparatorChar, ""))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
