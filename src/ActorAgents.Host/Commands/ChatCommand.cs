using ActorAgents.Host.Chat;
using ActorAgents.Host.Chat.Views;
using ActorAgents.Host.Composition;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Host.Commands;

/// <summary>Runs <c>chat</c> from its arguments to its exit code.</summary>
internal sealed class ChatCommand(Terminal terminal)
{
    public async Task<int> RunAsync(ChatRequest request)
    {
        using var interruptions = new Interruptions().Listen();
        try
        {
            var folders = ConfigurationFolders.Find(request.Config);
            var configuration = HostConfiguration.Load(folders, Role.Local, Environment.GetEnvironmentVariables());
            var id = ChatTarget.Find(request, configuration);
            var prompt = await PromptAsync(request, interruptions.Leaving);
            await using var logger = HostLogger.Create(configuration.Serilog, folders.Serilog, terminal.Error);
            using var host = AgentHost.Build(configuration.WithoutJournal(), logger);
            await host.StartQuietlyAsync(interruptions.Leaving);
            try
            {
                var conversation = new AgentConversation(host.Services.GetRequiredService<IAgents>()[id]);
                return prompt is null
                    ? await Interactive(request, conversation, interruptions).RunAsync()
                    : await OneShotAsync(request, conversation, interruptions, prompt);
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        catch (Exception e) when (e is HostConfigurationException or AgentConfigurationException or UsageException)
        {
            terminal.Error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (interruptions.Leaving.IsCancellationRequested)
        {
            return interruptions.Terminated ? ExitCode.Terminated : ExitCode.Interrupted;
        }
    }

    // Null means a conversation: nothing was asked yet, and somebody is there to ask.
    private async Task<string?> PromptAsync(ChatRequest request, CancellationToken leaving)
    {
        if (request.Prompt is null && !terminal.InputIsRedirected && !terminal.OutputIsRedirected) return null;
        if (request.Prompt is null && !terminal.InputIsRedirected) terminal.Error.WriteLine("Type the prompt; Ctrl+D ends it.");
        var prompt = request.Prompt ?? (await terminal.ReadAllAsync(leaving)).TrimEnd('\r', '\n');
        if (!string.IsNullOrWhiteSpace(prompt)) return prompt;
        throw new UsageException(request.Prompt is null
            ? "The prompt is empty: standard input had no text. Pipe some text in, or use --prompt \"…\"."
            : "The prompt is empty: give some text after --prompt.");
    }

    private InteractiveChat Interactive(ChatRequest request, IConversation conversation, Interruptions interruptions) =>
        new(conversation, terminal.Rich, new LineReader(terminal.Lines), interruptions, TimeProvider.System, request.ApproveAll ? Approvers.All : null);

    private async Task<int> OneShotAsync(ChatRequest request, IConversation conversation, Interruptions interruptions, string prompt)
    {
        await using var output = terminal.OpenOutput();
        var view = new PlainView(output, terminal.Error, conversation.Definition, printable: !terminal.OutputIsRedirected);
        return await new OneShot(conversation, view, request.ApproveAll ? Approvers.All : Approvers.None, interruptions).RunAsync(prompt);
    }
}
