using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>The reference server for files.</summary>
public sealed class FilesystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actoragents-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public async Task A_turn_reads_a_file_and_what_lies_outside_is_an_error_the_model_reads()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "note.txt"), "Remember the milk.");
        await using var source = new McpToolSource(NpmServer.FilesystemOptions(_folder) with { Tools = ["read_text_*"] });
        await using var turns = await McpTurns.StartAsync(source);

        Assert.Equal(["files_read_text_file"], (await source.GetToolsAsync(default)).Select(tool => tool.Name));
        Assert.Equal("Remember the milk.", (await turns.CallAsync("files_read_text_file", new { path = Path.Combine(_folder, "note.txt") })).Result);
        Assert.StartsWith("Error: Access denied", (await turns.CallAsync("files_read_text_file", new { path = "/etc/hostname" })).Result);
    }
}
