using System.Collections;
using System.Text.Json;
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
    private static readonly AgentDefinition Defaults = new() { Kind = "" };
    private static readonly string[] OfDurable = ["recovery", "maxResumptions"];

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
            OnBusy = Choice(reader, "onBusy", BusyPolicy.Queue),
            Limits = LimitTable.Read(reader.Object("limits")),
            ForgetAfter = ForgetAfter(reader),
            Durability = Choice(reader, "durability", Durability.None),
            Recovery = Choice(reader, "recovery", TurnRecovery.Resume),
            MaxResumptions = Resumptions(reader),
            KeepTurnsFor = KeepTurnsFor(reader),
        };
        if (definition.Durability == Durability.None)
            foreach (var key in OfDurable.Where(key => reader.Any(key) is not null)) reader.Broken(key, "is for agents that survive a restart: give 'durability' as well");
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

    private static TimeSpan KeepTurnsFor(ObjectReader reader)
    {
        if (reader.Any("keepTurnsFor") is not { } value) return Defaults.KeepTurnsFor;
        if (Limit.Time(value) is { } time && time != Timeout.InfiniteTimeSpan) return time;
        reader.Wrong("keepTurnsFor", "must be seconds as a number above 0 or \"hh:mm:ss\", and at most 365 days");
        return Defaults.KeepTurnsFor;
    }

    private static int Resumptions(ObjectReader reader)
    {
        if (reader.Any("maxResumptions") is not { } value) return Defaults.MaxResumptions;
        if (Limit.Whole(value) is { } number && number is >= 0 and <= int.MaxValue) return (int)number;
        reader.Wrong("maxResumptions", $"must be a whole number from 0 to {int.MaxValue}");
        return Defaults.MaxResumptions;
    }

    /// <summary>One of the names of an enumeration, as <see cref="NamesOf{T}"/> writes them.</summary>
    private static T Choice<T>(ObjectReader reader, string key, T otherwise) where T : struct, Enum
    {
        if (reader.Text(key) is not { } text) return otherwise;
        var names = NamesOf<T>().ToList();
        if (names.IndexOf(text) is >= 0 and var at) return Enum.GetValues<T>()[at];
        reader.Wrong(key, $"must be one of {NearestName.List(names)}", NearestName.Hint(text, names));
        return otherwise;
    }

    /// <summary>How an agent file names the values of an enumeration.</summary>
    internal static IEnumerable<string> NamesOf<T>() where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName);
}
