using System.Diagnostics;
using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>The MCP servers of <c>tests/interop</c>, and the processes made of them.</summary>
internal static class NpmServer
{
    private static readonly string Modules = Path.Combine(Installation.Folder, "node_modules");

    public static string Everything { get; } = Script("server-everything");
    private static string Filesystem { get; } = Script("server-filesystem");

    public static McpServerOptions EverythingOptions(string mode = "stdio") => new() { Name = "everything", Command = Installation.Node, Arguments = [Everything, mode] };

    public static McpServerOptions FilesystemOptions(string folder) => new() { Name = "files", Command = Installation.Node, Arguments = [Filesystem, folder] };

    public static async Task KillAsync(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public static bool Lives(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Script(string package) => Path.Combine(Modules, "@modelcontextprotocol", package, "dist", "index.js");
}
