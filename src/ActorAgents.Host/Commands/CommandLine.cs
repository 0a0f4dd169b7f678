using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ActorAgents.AspNetCore;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Commands;

/// <summary>What can be typed after the program's name.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Func<ChatRequest, Task<int>> chat, Func<ServeRequest, Task<int>> serve, Func<ClusterRequest, Task<int>> cluster)
    {
        var root = new RootCommand("ActorAgents: LLM agents as actors. Without a command it serves them, with a page to chat; it works at once, without a key, with a small embedded model.")
        {
            Serve(serve),
            Chat(chat),
            Cluster(cluster),
            Key(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        var full = new FullHelp((HelpAction)help.Action!);
        help.Action = full;
        root.SetAction(_ => serve(new ServeRequest([], null)));
        return root;
    }

    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        // A prompt may begin with '@': it does not name a file of arguments.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var mistake in parsed.Errors) error.WriteLine(mistake.Message);
            var commands = root.Subcommands.Select(c => c.Name).ToList();
            error.WriteLine($"See --help.{(commands.Contains(arguments[0]) ? "" : NearestName.Hint(arguments[0], commands))}");
            return ExitCode.Failed;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // The chat gives Ctrl+C a meaning of its own.
            ProcessTerminationTimeout = null,
        });
    }

    private static Command Serve(Func<ServeRequest, Task<int>> run)
    {
        var urls = new Option<string[]>("--urls") { HelpName = "url", AllowMultipleArgumentsPerToken = true, Description = $"Where to listen; several are separated by ';'. Without it: ActorAgents:Urls of appsettings.json, or {ServerSettings.DefaultUrl}. An address that other machines reach needs keys." };
        var config = Config();
        var data = Data();
        var role = new Option<string>("--role") { HelpName = "role", DefaultValueFactory = _ => HostConfiguration.Written(Role.Local), Description = "local: all there is; node: one of a cluster; api: one of a cluster without agents, that answers for theirs." };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(HostConfiguration.Written)]);
        var parent = new Option<bool>("--exit-with-parent") { Description = "End when standard input does, as it does when the program that started this one ends; that program understands Ctrl+C." };
        var command = new Command("serve", "Serve the agents over HTTP, with a page to chat and a dashboard of what runs. What no command means.") { urls, config, role, data, parent };
        command.SetAction(result => run(new ServeRequest(
            Urls(result, urls), result.GetValue(config), Enum.Parse<Role>(result.GetValue(role)!, ignoreCase: true), result.GetValue(data), result.GetValue(parent))));
        return command;
    }

    private static Command Cluster(Func<ClusterRequest, Task<int>> run)
    {
        var nodes = new Option<int>("--nodes") { HelpName = "N", DefaultValueFactory = _ => ClusterRequest.DefaultNodes, Description = $"How many processes have agents, 1 to {ClusterRequest.MostNodes}. One more has none and answers HTTP. From three on, the others go on when one is lost." };
        var urls = new Option<string[]>("--urls") { HelpName = "url", AllowMultipleArgumentsPerToken = true, Description = "Where to listen, as for serve." };
        var config = Config();
        var data = Data();
        var postgres = new Option<string?>("--postgres") { HelpName = "CONN", Description = "Keep conversations in PostgreSQL instead of a file, by this connection string. One with a password is better in ActorAgents__Persistence__ConnectionString, with ActorAgents__Persistence__Kind=postgresql." };
        var command = new Command("cluster", "Serve by several processes on this machine, to see what a cluster does: end one and its agents go on at the others. They share one SQLite file; a cluster of several machines uses PostgreSQL and is started by serve --role node on each.") { nodes, urls, config, data, postgres };
        command.SetAction(result => run(new ClusterRequest(result.GetValue(nodes), Urls(result, urls), result.GetValue(config), result.GetValue(data), result.GetValue(postgres))));
        return command;
    }

    private static Option<string?> Config() => new("--config") { HelpName = "DIR", Description = "A folder laid out like config/, in place of the program's own." };

    private static Option<string?> Data() => new("--data") { HelpName = "DIR", Description = $"The folder in which conversations are kept. Without it: ActorAgents:Persistence of appsettings.json, or {PersistenceSettings.DefaultFolder}." };

    private static string[] Urls(ParseResult result, Option<string[]> urls) =>
        [.. (result.GetValue(urls) ?? []).SelectMany(url => url.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static Command Key()
    {
        var name = new Argument<string>("name") { Description = "Whose key it is; logs name it so." };
        var scopes = new Option<string[]>("--scopes") { HelpName = "scope", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [ActorAgentsScopes.Chat], Description = "What it may do: chat, admin." };
        var tenant = new Option<string?>("--tenant") { HelpName = "t", Description = "The tenant it is confined to." };
        var command = new Command("key", "Make a key for the server. It is shown once; its hash goes into the settings.") { name, scopes, tenant };
        command.SetAction(result => KeyCommand.Run(
            result.GetValue(name)!, result.GetValue(scopes) ?? [], result.GetValue(tenant), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static Command Chat(Func<ChatRequest, Task<int>> run)
    {
        var kind = new Argument<string?>("kind") { Arity = ArgumentArity.ZeroOrOne, Description = "The kind of agent, as its file in config/agents names it. Without it: ActorAgents:DefaultKind of appsettings.json." };
        var key = new Option<string>("--key") { HelpName = "k", DefaultValueFactory = _ => ChatRequest.DefaultKey, Description = "Which agent of that kind: 1 to 256 characters. Each key has a conversation of its own." };
        var prompt = new Option<string?>("--prompt") { HelpName = "text", Description = "Ask this one thing: the answer goes to standard output, everything else to standard error." };
        var config = Config();
        var yes = new Option<bool>("--yes") { Description = "Approve every tool call that needs approval. Without it a conversation at a terminal asks for each; with --prompt, and elsewhere, they are refused." };
        // The parser takes an option it does not know for the kind.
        kind.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }]) result.AddError($"'{option}' is not an option.{NearestName.Hint(option, [key.Name, prompt.Name, config.Name, yes.Name])}");
        });
        var command = new Command("chat", "Talk to an agent. At a terminal: a conversation. With --prompt or with input from a pipe: one answer.") { kind, key, prompt, config, yes };
        command.SetAction(result => run(new ChatRequest(
            result.GetValue(kind), result.GetValue(key) ?? ChatRequest.DefaultKey, result.GetValue(prompt), result.GetValue(config), result.GetValue(yes))));
        return command;
    }
}
