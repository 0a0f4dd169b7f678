using System.Collections;
using ActorAgents.Host.Configuration.Agents;
using ActorAgents.Host.Configuration.Json;
using ActorAgents.Host.Configuration.Settings;
using ActorAgents.Host.Providers;
using ActorAgents.Host.Tools;
using Akka.Configuration;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration;

/// <summary>Everything the program is told by files and environment, read and checked as a whole.</summary>
internal sealed record HostConfiguration(Role Role, HostSettings Settings, AgentFiles AgentFiles, IConfiguration Serilog, Config Hocon)
{
    public IReadOnlyList<AgentDefinition> Agents => AgentFiles.Definitions;

    /// <summary>Whether anything is kept: the conversations of durable agents, and in a cluster also what nodes agree on.</summary>
    public bool NeedsJournal => Role != Role.Local || Agents.Any(agent => agent.Durability != Durability.None);

    /// <summary>The same agents, none of which outlives the process.</summary>
    public HostConfiguration WithoutJournal() =>
        this with { AgentFiles = AgentFiles with { Definitions = [.. Agents.Select(agent => agent with { Durability = Durability.None })] } };

    public HostConfiguration With(PersistenceSettings persistence) => this with { Settings = Settings with { Persistence = persistence } };

    /// <exception cref="HostConfigurationException">Something is wrong; the message lists all of it.</exception>
    public static HostConfiguration Load(ConfigurationFolders folders, Role role, IDictionary environment)
    {
        var mistakes = new List<Mistake>();
        if (!Directory.Exists(folders.Config))
            throw new HostConfigurationException([new(folders.Config, "the folder is missing. It holds appsettings.json, serilog.json and the folder agents.")]);

        var settings = ReadSettings(folders.Settings, environment, mistakes);
        var files = AgentFolder.Read(folders.Agents, settings?.Providers.Select(p => p.Name).ToList(), [.. SampleTools.All.Keys], environment, mistakes);
        var agents = files.Definitions;
        var serilog = Source(folders.Serilog, "Serilog", environment, mistakes);
        if (serilog is not null) new SerilogReader(serilog, mistakes).Check();
        if (settings is not null) RoleRules.Check(role, settings, folders.Settings, mistakes);
        var hocon = HoconFiles.Read(folders.Hocon, role, mistakes);
        // With another mistake about agents, the default's file may only be unreadable.
        if (mistakes.Count == 0 && agents.All(a => a.Kind != settings!.DefaultKind))
            mistakes.Add(new(folders.Settings, $"'ActorAgents:DefaultKind' is '{settings!.DefaultKind}', which is no agent.{NearestName.Hint(settings.DefaultKind, agents.Select(a => a.Kind))} Valid kinds: {NearestName.List(agents.Select(a => a.Kind))}."));
        return mistakes.Count == 0 ? new(role, settings!, files, serilog!.Configuration, hocon) : throw new HostConfigurationException(mistakes);
    }

    /// <summary>How the command line names a role.</summary>
    public static string Written(Role role) => role.ToString().ToLowerInvariant();

    private static HostSettings? ReadSettings(string path, IDictionary environment, List<Mistake> mistakes)
    {
        if (Source(path, "ActorAgents", environment, mistakes) is not { } source) return null;
        var before = mistakes.Count;
        var settings = new SettingsReader(source, ProviderKinds.All, mistakes).Read();
        // With a provider that is wrong, an agent that names it is not.
        return mistakes.Count == before ? settings : null;
    }

    private static SettingsSource? Source(string path, string root, IDictionary environment, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        var file = JsonFile.Read(path, StringComparer.OrdinalIgnoreCase, mistakes);
        return file is null || mistakes.Count > before ? null : new SettingsSource(path, file, root, environment, mistakes);
    }
}
