using System.Diagnostics;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>The protocol's own programs: the conformance suite, and the inspector's command line.</summary>
public sealed class SuiteTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [InteropFact]
    public async Task The_conformance_suite_passes_but_for_what_is_listed()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));

        var (code, output) = await RunAsync("conformance/dist/index.js", "server", "--url", $"{server.Address}mcp", "--expected-failures", Path.Combine(AppContext.BaseDirectory, "Mcp", "conformance.yml"));

        Assert.True(code == 0, output);
        Assert.Contains("✓ server-initialize", output);
    }

    [InteropFact]
    public async Task The_conformance_suite_fails_by_a_list_that_is_not_true()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        var list = Path.Combine(Directory.CreateTempSubdirectory().FullName, "list.yml");
        var listed = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Mcp", "conformance.yml"));

        foreach (var untrue in new[] { listed + "  - ping\n", listed.Replace("  - prompts-list\n", "") })
        {
            await File.WriteAllTextAsync(list, untrue);
            Assert.Equal(1, (await RunAsync("conformance/dist/index.js", "server", "--url", $"{server.Address}mcp", "--expected-failures", list)).Code);
        }
    }

    [InteropFact]
    public async Task The_inspector_lists_and_calls()
    {
        await using var server = await KeyedServer.StartAsync(new ScriptedProvider(request => Script.Text($"You said {request.Prompt}.")));

        var tools = await InspectAsync(server, "tools/list");
        var result = await InspectAsync(server, "tools/call", "--tool-name", "assistant", "--tool-arg", "prompt=hello", "key=ann");

        Assert.Equal("assistant", tools.GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.Equal("You said hello.", RawMcp.Text(result));
        Assert.Equal(2, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
    }

    private static async Task<JsonElement> InspectAsync(AgentServer server, string method, params string[] more)
    {
        var (code, output) = await RunAsync("inspector-cli/build/cli.js", ["--cli", $"{server.Address}mcp", "--transport", "http", "--header", "Authorization: Bearer secret-chat", "--method", method, .. more]);
        Assert.True(code == 0 && output.Contains('{'), output);
        return JsonDocument.Parse(output[output.IndexOf('{')..(output.LastIndexOf('}') + 1)]).RootElement;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = Installation.Script($"node_modules/@modelcontextprotocol/{program}", arguments);
        start.WorkingDirectory = Path.GetDirectoryName(start.ArgumentList[0])!; // The inspector looks for its package from there.
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Installation.Node)}{Path.PathSeparator}{start.Environment["PATH"]}"; // It starts a second one.
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
