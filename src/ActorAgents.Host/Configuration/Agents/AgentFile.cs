using System.Collections;
using ActorAgents.Host.Configuration.Json;
using ActorAgents.Providers;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>One file of <c>config/agents</c>: the definition of a kind.</summary>
/// <param name="Line">Where its kind stands.</param>
/// <param name="McpServers">Its MCP servers, with their lines.</param>
internal sealed record AgentFile(AgentDefinition Definition, int Line, IReadOnlyList<(McpServerOptions Options, int Line)> McpServers)
{
    private const string DefaultProvider = "default";

    /// <param name="providers">Names that <c>provider</c> may have; null when they could not be read.</param>
    /// <param name="tools">Names that <c>tools</c> may hold.</param>
    /// <param name="environment">What <c>${NAME}</c> stands for.</param>
    /// <returns>Null when the file is no object or has no usable kind.</returns>
    public static AgentFile? Read(
        string path, IReadOnlyCollection<string>? providers, IReadOnlyCollection<string> tools, IDictionary environment, ICollection<Mistake> mistakes)
    {
        if (JsonFile.Read(path, StringComparer.Ordinal, mistakes) is not { } root) return null;
        var reader = new ObjectReader(root, path, "", mistakes);
        var kind = Kind(reader);
        var servers = new McpTable(path, environment, mistakes).Read(reader.Object("mcp"));
        var definition = new AgentDefinition
        {
            Kind = kind ?? "",
            Description = reader.Text("description") ?? "",
            Instructions = reader.Text("instructions") ?? "",
            Provider = Provider(reader, path, providers, mistakes),
            Chat = reader.Any("model") is null ? null : new ChatOptions { ModelId = reader.RequiredText("model") },
            Tools = Tools(reader, path, tools, mistakes),
            ToolSources = [.. servers.Select(server => server.Options.Name)],
            OnBusy = OnBusy(reader),
            Limits = LimitTable.Read(reader.Object("limits")),
            ForgetAfter = ForgetAfter(reader),
        };
        reader.Finish();
        return kind is null ? null : new(definition, reader.Any("kind")!.Line, servers);
    }

    private static string? Kind(ObjectReader reader)
    {
        if (reader.RequiredText("kind") is not { } kind) return null;
        try
        {
            return new AgentId(kind, "key").Kind;
        }
        catch (ArgumentException)
        {
            reader.Wrong("kind", "must be a lower-case letter, then up to 63 lower-case letters, digits or '-'");
            return null;
        }
    }

    private static string Provider(ObjectReader reader, string path, IReadOnlyCollection<string>? providers, ICollection<Mistake> mistakes)
    {
        var name = reader.Text("provider");
        if (name is not null && providers is not null && !providers.Contains(name))
            reader.Wrong("provider", $"must name a provider of appsettings.json (there: {NearestName.List(providers)})", NearestName.Hint(name, providers));
        if (name is null && providers is not null && !providers.Contains(DefaultProvider))
            mistakes.Add(new(path, $"'provider' is missing and there is no provider '{DefaultProvider}'. Valid providers: {NearestName.List(providers)}."));
        return name ?? DefaultProvider;
    }

    private static List<string> Tools(ObjectReader reader, string path, IReadOnlyCollection<string> valid, ICollection<Mistake> mistakes)
    {
        var names = new List<string>();
        foreach (var tool in reader.Texts("tools"))
        {
            if (!valid.Contains(tool.Value))
                mistakes.Add(new($"{path}:{tool.Line}", $"'tools' names '{tool.Value}', which is no tool.{NearestName.Hint(tool.Value, valid)} Valid tools: {NearestName.List(valid)}."));
            else if (names.Contains(tool.Value)) mistakes.Add(new($"{path}:{tool.Line}", $"'tools' names '{tool.Value}' twice."));
            else names.Add(tool.Value);
        }
        return names;
    }

    private static TimeSpan? ForgetAfter(ObjectReader reader)
    {
        if (reader.Any("forgetAfter") is not { } value) return null;
        if (Limit.Time(value) is { } time) return time == Timeout.InfiniteTimeSpan ? null : time;
        reader.Wrong("forgetAfter", $"must be {Limit.ValidTimes}");
        return null;
    }

    private static BusyPolicy OnBusy(ObjectReader reader)
    {
        if (reader.Text("onBusy") is not { } text) return BusyPolicy.Queue;
        var names = Enum.GetNames<BusyPolicy>().Select(n => n.ToLowerInvariant()).ToList();
        if (names.Contains(text)) return Enum.Parse<BusyPolicy>(text, ignoreCase: true);
        reader.Wrong("onBusy", $"must be one of {NearestName.List(names)}", NearestName.Hint(text, names));
        return BusyPolicy.Queue;
    }
}
