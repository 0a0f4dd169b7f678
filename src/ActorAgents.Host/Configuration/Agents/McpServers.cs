using System.Text.Json;
using ActorAgents.Providers;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>Gathers the servers of all files. A server that several files define must be the same in each.</summary>
internal sealed class McpServers(ICollection<Mistake> mistakes)
{
    private readonly Dictionary<string, (McpServerOptions Options, string Place)> _servers = new(StringComparer.Ordinal);

    public IReadOnlyList<McpServerOptions> All => [.. _servers.Values.Select(server => server.Options)];

    public void Add(McpServerOptions options, string place)
    {
        if (_servers.TryAdd(options.Name, (options, place))) return;
        var first = _servers[options.Name];
        if (JsonSerializer.Serialize(options) != JsonSerializer.Serialize(first.Options))
            mistakes.Add(new(place, $"the MCP server '{options.Name}' is not defined as in {first.Place}. "
                + "Agents share a server by its name: define both alike, or name them differently."));
    }
}
