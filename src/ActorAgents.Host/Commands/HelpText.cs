using ActorAgents.Host.Chat;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Agents;
using ActorAgents.Host.Configuration.Settings;
using ActorAgents.Host.Logging;
using ActorAgents.Host.Providers;
using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Commands;

/// <summary>The part of the help that options cannot carry.</summary>
internal static class HelpText
{
    private const int LimitsColumn = 30;

    public static string Sections()
    {
        var folders = ConfigurationFolders.Find(null);
        return $"""
            Examples:
              serve                                       serve at http://127.0.0.1:5080: a page, and HTTP for programs
              cluster                                     the same by three processes with agents and one without, on this machine
              key ann --scopes chat admin                 make a key, for others to call the server
              chat                                        a conversation with the default agent
              chat storyteller --prompt "a lighthouse"    one answer, on standard output
              echo "what is 12*(3+4)?" | chat             the whole input is the prompt

            In a conversation:
            {Indented(ChatCommands.Lines)}

            Configuration files, in {folders.Config} or the folder of --config:
              appsettings.json    ActorAgents: DefaultKind, MaxLiveTurns, Providers by name, each with Kind and the keys of that kind
            {Indented(Kinds())}
                                  of serve: Urls; Keys by name, each with Hash, Scopes, Tenant; AllowedOrigins; Proxies; MaxRequestBytes;
                                  PerKey and PerTenant, each with RequestsPerMinute, Concurrent; KeepResponses, seconds or "hh:mm:ss";
                                  MaxResponseAgents; Probe;
                                  Telemetry with OtlpEndpoint, Prometheus, SensitiveData;
                                  Persistence with Kind, which is {NearestName.List(PersistenceSettingsReader.Kinds.Keys)}; File of sqlite, where it is not
                                  {PersistenceSettings.DefaultFile} in {PersistenceSettings.DefaultFolder} or the folder of --data; ConnectionString of postgresql
                                  of serve --role node or api: Cluster with Host, Port, PublicHost, PublicPort, StableAfter, from 1 s to 5 min;
                                  Seeds as host:port, the same on every node; Tls with Certificate, Password, Authority, CheckHostNames
              agents/*.json       a kind of agent each: kind, description, instructions, provider, model, tools, mcp, onBusy, forgetAfter,
                                  durability, recovery, maxResumptions, keepTurnsFor, limits
                                  tools: {string.Join(", ", SampleTools.All.Keys)}
                                  mcp: by name, command, args, env, cwd or url, headers; tools, prefix, startTimeout, callTimeout; {"${NAME}"} is a variable's value
                                  onBusy: {Names<BusyPolicy>()}
                                  forgetAfter: how long an idle agent keeps its conversation; for good if it is left out
                                  durability: {Names<Durability>()}: what of conversations and turns outlives a process that serves them
                                  recovery: {Names<TurnRecovery>()}: what becomes of a turn whose process ended; maxResumptions: how often
                                  keepTurnsFor: how long the events of an ended turn can be read again
                                  limits: {Limits()}
                                  waits are seconds, "hh:mm:ss" or "none"
              serilog.json        what is logged, and where
            Akka's own files, in {folders.Hocon} or hocon/ in the folder of --config:
              common.conf in every role; local.conf alone, node.conf in a cluster
            A mistake in any of them ends the start, and all mistakes are listed.

            Conversations:
              serve keeps those of durable agents, and goes on with their turns when it starts again. chat keeps none once it has ended.
              A file is opened by one server, or by the nodes of a cluster on one machine: another is refused while those run.

            Clusters:
              cluster runs all of one on this machine, for trying out, and ends it by Ctrl+C. One of several machines is serve --role node on each,
              with Persistence of kind postgresql and Cluster settings; three nodes or more go on when one is lost. While the database is away,
              durable agents wait for it. A node that was cut off from the others ends itself, with exit code {ExitCode.Failed}: whatever runs it starts it again.

            Environment variables:
              ActorAgents__…      over appsettings.json, for example ActorAgents__Providers__default__Pace=none;
                                  a Kind other than the file's discards the file's keys of that provider
              Serilog__…          over serilog.json, for example Serilog__MinimumLevel__Default=Debug
              {LogFolder.Variable}    the folder of the log files; now {LogFolder.Use()}
              OLLAMA_HOST         where Ollama is, for providers of its kind without an Endpoint
              NO_COLOR            no colours

            Exit codes:
              {ExitCode.Ok}      the answer is complete, the conversation was left, or the server was asked to end
              {ExitCode.Failed}      the turn failed or ran into a timeout, the start failed, or a node was excluded by the others; standard error says why
              {ExitCode.Interrupted}    interrupted by Ctrl+C; what was written before stays on standard output
              {ExitCode.Terminated}    ended by SIGTERM

            """;
    }

    /// <summary>Kinds whose keys are the same are described together.</summary>
    private static IEnumerable<string> Kinds() => ProviderKinds.All.Values
        .GroupBy(kind => string.Join('\n', kind.Keys.Select(key => $"                      {key.Name}{(key.Required ? " (required)" : "")}: {key.Valid}")))
        .SelectMany(kinds => kinds.Key.Split('\n').Prepend($"                    kind {NearestName.List(kinds.Select(kind => kind.Name))}:"));

    private static string Names<T>() where T : struct, Enum => string.Join(", ", AgentFile.NamesOf<T>());

    private static string Limits()
    {
        var lines = LimitTable.All.Select(l => l.Name).Chunk(5).Select(c => string.Join(", ", c));
        return string.Join(",\n" + new string(' ', LimitsColumn), lines);
    }

    private static string Indented(IEnumerable<string> lines) => string.Join("\n", lines.Select(l => "  " + l));
}
