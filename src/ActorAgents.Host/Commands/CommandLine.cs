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
    public static RootCommand Create(Func<ChatRequest, Task<int>> chat, Func<ServeRequest, Task<int>> serve)
    {
        var root = new RootCommand("ActorAgents: LLM agents as actors. Without a command it serves them, with a page to chat; it works at once, without a key, with a small embedded model.")
        {
            Serve(serve),
            Chat(chat),
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
            error.WriteLine($"See --help.{NearestName.Hint(arguments[0], commands)}");
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
        var config = new Option<string?>("--config") { HelpName = "DIR", Description = "A folder laid out like config/, in place of the program's own." };
        var command = new Command("serve", "Serve the agents over HTTP, with a page to chat and a dashboard of what runs. What no command means.") { urls, config };
        command.SetAction(result => run(new ServeRequest(
            [.. (result.GetValue(urls) ?? []).SelectMany(url => url.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))], result.GetValue(config))));
        return command;
    }

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
        var config = new Option<string?>("--config") { HelpName = "DIR", Description = "A folder laid out like config/, in place of the program's own." };
        var yes = new Option<bool>("--yes") { Description = "Approve every tool call that needs approval. Without it they are asked for at a terminal and refused elsewhere." };
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
