using System.Diagnostics;
using System.Text.Json;
using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>A script of <c>tests/interop/clients</c> at work: what it prints, a JSON value a line, and the line that aborts it.</summary>
internal sealed class NodeScript : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private NodeScript(Process process) => _process = process;

    public static NodeScript Start(string client, Uri server, object call) =>
        new(Process.Start(Installation.Script($"clients/{client}.mjs", server.ToString(), JsonSerializer.Serialize(call, JsonSerializerOptions.Web)))!);

    /// <summary>Gives it a line of JSON, for scripts that are told what to do as they go.</summary>
    public void Tell(object line) => _process.StandardInput.WriteLine(JsonSerializer.Serialize(line, JsonSerializerOptions.Web));

    public void Abort() => _process.StandardInput.WriteLine("abort");

    /// <summary>The next line; null when the script has ended.</summary>
    public async Task<JsonElement?> NextAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line ? JsonDocument.Parse(line).RootElement : null;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
