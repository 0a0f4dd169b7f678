using System.Collections;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>The folder <c>agents</c>: every <c>*.json</c> in it defines a kind.</summary>
internal static class AgentFolder
{
    public static AgentFiles Read(
        string folder, IReadOnlyCollection<string>? providers, IReadOnlyCollection<string> tools, IDictionary environment, ICollection<Mistake> mistakes)
    {
        if (!Directory.Exists(folder))
        {
            mistakes.Add(new(folder, "the folder is missing. It holds a .json file for each kind of agent."));
            return new([], []);
        }
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) mistakes.Add(new(folder, "there is no .json file in it, so there would be no agent."));

        var definitions = new List<AgentDefinition>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var servers = new McpServers(mistakes);
        foreach (var file in files)
        {
            if (AgentFile.Read(file, providers, tools, environment, mistakes) is not var (definition, line, own)) continue;
            var place = $"{file}:{line}";
            foreach (var server in own) servers.Add(server.Options, $"{file}:{server.Line}");
            if (places.TryAdd(definition.Kind, place)) definitions.Add(definition);
            else mistakes.Add(new(place, $"the kind '{definition.Kind}' is defined twice; it was first defined in {places[definition.Kind]}."));
        }
        return new(definitions, servers.All);
    }
}
