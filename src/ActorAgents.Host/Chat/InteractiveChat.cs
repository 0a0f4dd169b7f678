using ActorAgents.Host.Chat.Views;
using ActorAgents.Host.Configuration;
using Spectre.Console;

namespace ActorAgents.Host.Chat;

/// <summary>Prompt, answer, prompt … until the person leaves.</summary>
internal sealed class InteractiveChat
{
    private readonly IConversation _conversation;
    private readonly TerminalView _view;
    private readonly Question _question;
    private readonly Interruptions _interruptions;
    private readonly TurnRunner _turns;

    public InteractiveChat(IConversation conversation, IAnsiConsole console, LineReader lines, Interruptions interruptions, TimeProvider time, Approver? approver = null)
    {
        (_conversation, _interruptions) = (conversation, interruptions);
        _view = new TerminalView(console, conversation.Definition, time);
        _question = new Question(_view, lines);
        _turns = new TurnRunner(conversation, _view, approver ?? new ApprovalQuestion(_question).AskAsync);
    }

    public async Task<int> RunAsync()
    {
        _view.Say($"Agent '{_conversation.Definition.Kind}'. {_conversation.Definition.Description} Type /help for the commands.");
        var midTurn = false;
        try
        {
            while (true)
            {
                var line = await _question.AskAsync("> ", _interruptions.Leaving);
                if (line is null || line.Trim() == ChatCommands.Quit) return ExitCode.Ok;
                if (string.IsNullOrWhiteSpace(line)) continue;
                if (ChatCommands.IsCommand(line)) await CommandAsync(line.Trim());
                else
                {
                    midTurn = true;
                    await TurnAsync(line);
                    midTurn = false;
                }
            }
        }
        catch (OperationCanceledException) when (_interruptions.Leaving.IsCancellationRequested)
        {
            _view.Say("Bye.");
            return _interruptions.Terminated ? ExitCode.Terminated : midTurn ? ExitCode.Interrupted : ExitCode.Ok;
        }
    }

    private async Task TurnAsync(string prompt)
    {
        using var turn = _interruptions.Turn(out var interrupt);
        _view.Begin();
        await _turns.RunAsync(prompt, interrupt).WaitAsync(_interruptions.Leaving);
    }

    private async Task CommandAsync(string command)
    {
        switch (command)
        {
            case ChatCommands.Help:
                foreach (var line in ChatCommands.Lines) _view.Say(line);
                break;
            case ChatCommands.Clear:
                await _conversation.ClearAsync(_interruptions.Leaving);
                _view.Say("The conversation is forgotten.");
                break;
            case ChatCommands.History:
                var lines = HistoryLines.For(await _conversation.GetMessagesAsync(_interruptions.Leaving));
                foreach (var line in lines.DefaultIfEmpty("Nothing has been said yet.")) _view.Say(line);
                break;
            default:
                _view.Error($"'{command}' is not a command.{NearestName.Hint(command, ChatCommands.All)} Commands: {string.Join(", ", ChatCommands.All)}.");
                break;
        }
    }
}
