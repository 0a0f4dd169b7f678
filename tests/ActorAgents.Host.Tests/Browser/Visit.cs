using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Host.Tests.Browser;

/// <summary>What came of a scenario of <c>tests/interop/clients/page.mjs</c>.</summary>
/// <param name="Origins">Where the pages' requests went.</param>
/// <param name="Complaints">What the browser complained of: errors, violations of the policy, dialogs.</param>
internal sealed record Visit<TSeen>(TSeen Seen, IReadOnlyList<string> Origins, IReadOnlyList<string> Complaints);

/// <summary>Plays scenarios.</summary>
internal static class Visit
{
    /// <summary>Set to a folder, every scenario leaves pictures there; otherwise only those that fail leave one, with the test's results.</summary>
    private const string Variable = "ACTORAGENTS_PICTURES";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="call">What the scenario is told.</param>
    /// <param name="meanwhile">Does what the scenario asks for as it runs.</param>
    public static async Task<Visit<TSeen>> PlayAsync<TSeen>(string scenario, string address, object? call = null, Func<string, Task>? meanwhile = null)
    {
        var pictures = Environment.GetEnvironmentVariable(Variable);
        var told = JsonSerializer.SerializeToNode(call ?? new { }, JsonSerializerOptions.Web)!.AsObject();
        told["task"] = scenario;
        told["chromium"] = Chromium.Path;
        told["pictures"] = pictures ?? Path.Combine(AppContext.BaseDirectory, "TestResults");
        told["show"] = pictures is not null;
        using var process = Process.Start(Installation.Script("clients/page.mjs", address, told.ToJsonString()))!;
        try
        {
            return await ReadAsync<TSeen>(scenario, process.StandardOutput, meanwhile).WaitAsync(Patience);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<Visit<TSeen>> ReadAsync<TSeen>(string scenario, StreamReader lines, Func<string, Task>? meanwhile)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            var said = JsonNode.Parse(line)!;
            if (said["error"] is { } error) Assert.Fail($"The scenario '{scenario}' failed: {error["name"]}: {error["message"]}");
            if (said["seen"] is not null) return said.Deserialize<Visit<TSeen>>(JsonSerializerOptions.Web)!;
            await meanwhile!(said["now"]!.GetValue<string>());
        }
        throw new InvalidOperationException($"The scenario '{scenario}' ended without a word.");
    }
}
