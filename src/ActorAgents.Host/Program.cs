using ActorAgents.Host;
using ActorAgents.Host.Commands;
using ActorAgents.Host.Logging;

try
{
    var terminal = new Terminal();
    var commands = CommandLine.Create(new ChatCommand(terminal).RunAsync, new ServeCommand(terminal, Console.Out).RunAsync, new ClusterCommand(terminal, Console.Out).RunAsync);
    return await CommandLine.RunAsync(commands, args, Console.Out, Console.Error);
}
catch (Exception e)
{
    // A bug or a broken machine; the person gets a sentence, the log folder the rest.
    Console.Error.WriteLine($"Something unexpected went wrong: {e.Message} Details: {CrashFile.Write(e)}");
    return ExitCode.Failed;
}
