namespace ActorAgents.Cluster.ProcessTests.Nodes;

/// <summary>What a node is told and what it leaves: a configuration of one durable kind, its log, its data.</summary>
internal sealed class NodeFolder : IDisposable
{
    public const string Kind = "helper";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actoragents-node-");

    /// <param name="pace">Tokens a second.</param>
    /// <param name="agent">Further keys of the agent's file.</param>
    public NodeFolder(int pace = 40, string agent = "")
    {
        Write("appsettings.json", $$"""{ "ActorAgents": { "DefaultKind": "{{Kind}}", "Probe": true, "Providers": { "default": { "Kind": "embedded", "Pace": {{pace}} } } } }""");
        Write("serilog.json", """
            { "Serilog": { "MinimumLevel": { "Default": "Information", "Override": { "Microsoft": "Warning", "Microsoft.Extensions.Diagnostics.HealthChecks": "Fatal" } },
              "WriteTo": [ { "Name": "Console", "Args": { "outputTemplate": "{Timestamp:HH:mm:ss.fff} {Level:u3} {LogSource} {Message:lj}{NewLine}{Exception}" } } ] } }
            """);
        Write($"agents/{Kind}.json", $$"""{ "kind": "{{Kind}}", "instructions": "Help.", "tools": [ "calculator", "long-task" ], "durability": "turn"{{agent}} }""");
    }

    public string Path => _folder.FullName;

    public string Data => System.IO.Path.Combine(Path, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
