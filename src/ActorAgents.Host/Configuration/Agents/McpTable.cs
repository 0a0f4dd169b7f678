using System.Collections;
using ActorAgents.Host.Configuration.Json;
using ActorAgents.Providers;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>The key <c>mcp</c> of an agent file: MCP servers by name.</summary>
internal sealed class McpTable(string path, IDictionary environment, ICollection<Mistake> mistakes)
{
    private static readonly string[] OfPrograms = ["args", "env", "cwd"];
    private static readonly string[] OfAddresses = ["headers"];

    /// <returns>The servers with their lines, without those that are wrong.</returns>
    public IReadOnlyList<(McpServerOptions Options, int Line)> Read(ObjectReader? mcp)
    {
        var servers = new List<(McpServerOptions, int)>();
        foreach (var name in mcp?.Names() ?? [])
        {
            var before = mistakes.Count;
            var line = mcp!.Any(name)!.Line;
            if (!McpServerOptions.IsName(name)) Mistake(line, name, "must be named with 1 to 32 letters, digits, '_' or '-'.");
            if (mcp.Object(name) is not { } reader) continue;
            var options = Server(name, line, reader);
            reader.Finish();
            if (mistakes.Count == before) servers.Add((options, line));
        }
        return servers;
    }

    private McpServerOptions Server(string name, int line, ObjectReader reader)
    {
        CheckSort(name, line, reader);
        var options = new McpServerOptions
        {
            Name = name,
            Command = reader.Any("command") is null ? null : Value(reader, "command", reader.RequiredText("command")),
            Arguments = [.. reader.Texts("args").Select(argument => Expand(argument.Value, rule => Mistake(argument.Line, $"{name}.args", $"{rule}.")))],
            Environment = Values(reader, "env"),
            WorkingDirectory = Value(reader, "cwd", reader.Text("cwd")),
            Url = Url(reader),
            Headers = Values(reader, "headers"),
            Prefix = Prefix(reader),
        };
        if (reader.Any("tools") is not null) options = options with { Tools = Tools(reader) };
        if (Time(reader, "startTimeout", endless: false) is { } start) options = options with { StartTimeout = start };
        if (Time(reader, "callTimeout", endless: true) is { } call) options = options with { CallTimeout = call };
        return options;
    }

    private void CheckSort(string name, int line, ObjectReader reader)
    {
        var (isProgram, isAddress) = (reader.Any("command") is not null, reader.Any("url") is not null);
        if (isProgram == isAddress)
        {
            var has = isProgram ? "both" : "neither";
            Mistake(line, name, $"must have either 'command', the program to start, or 'url', the address of a running server; it has {has}.");
            return;
        }
        var (other, own) = isProgram ? ("url", "command") : ("command", "url");
        foreach (var key in (isProgram ? OfAddresses : OfPrograms).Where(key => reader.Any(key) is not null))
            Mistake(reader.Any(key)!.Line, $"{name}.{key}", $"belongs to a server with '{other}', and this one has '{own}'.");
    }

    private void Mistake(int line, string key, string what) => mistakes.Add(new($"{path}:{line}", $"'mcp.{key}' {what}"));

    private Uri? Url(ObjectReader reader)
    {
        if (Value(reader, "url", reader.Text("url")) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        reader.Wrong("url", "must be an address that begins with http:// or https://");
        return null;
    }

    private static string? Prefix(ObjectReader reader)
    {
        if (reader.Text("prefix") is not { } prefix) return null;
        if (prefix.Length > 0 && !McpServerOptions.IsName(prefix)) reader.Wrong("prefix", "must be up to 32 letters, digits, '_' or '-'");
        return prefix;
    }

    private static IReadOnlyList<string> Tools(ObjectReader reader)
    {
        if (reader.Any("tools") is JsonArrayPlace { Items.Count: 0 })
            reader.Wrong("tools", "must hold a tool's name or a pattern such as \"read_*\", or be left out for all tools");
        return [.. reader.Texts("tools").Select(tool => tool.Value)];
    }

    private static TimeSpan? Time(ObjectReader reader, string key, bool endless)
    {
        if (reader.Any(key) is not { } value) return null;
        if (Limit.Time(value) is { } time && (time == Timeout.InfiniteTimeSpan ? endless : time <= TimeSpan.FromDays(1))) return time;
        reader.Wrong(key, $"must be seconds as a number above 0{(endless ? ", \"hh:mm:ss\" or \"none\"" : " or \"hh:mm:ss\"")}, and at most 24 hours");
        return null;
    }

    private SortedDictionary<string, string> Values(ObjectReader reader, string key)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (reader.Object(key) is not { } inner) return values;
        foreach (var name in inner.Names())
            if (Value(inner, name, inner.Text(name)) is { } value) values[name] = value;
        return values;
    }

    private string? Value(ObjectReader reader, string key, string? text) => text is null ? null : Expand(text, rule => reader.Broken(key, rule));

    private string Expand(string text, Action<string> report)
    {
        var (expanded, rule) = Variables.Expand(text, environment);
        if (rule is not null) report(rule);
        return expanded;
    }
}
