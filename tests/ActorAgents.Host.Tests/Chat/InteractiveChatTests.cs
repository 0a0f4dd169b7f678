using ActorAgents.Host.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace ActorAgents.Host.Tests.Chat;

public sealed class InteractiveChatTests : IDisposable
{
    private readonly TestConsole _console = new TestConsole().Width(400);
    private readonly FakeTimeProvider _time = new();
    private readonly Interruptions _interruptions = new();

    public void Dispose()
    {
        _console.Dispose();
        _interruptions.Dispose();
    }

    [Fact]
    public async Task A_prompt_is_answered_and_the_turn_summed_up()
    {
        var conversation = new ScriptedConversation(
            [new TurnStarted(), new TextDelta("Hello "), new TextDelta("you."), Completed("Hello you.", new TokenUsage(3, 4, 7))]);

        Assert.Equal(ExitCode.Ok, await Run(conversation, "hi", "/quit"));
        Assert.Equal(["hi"], conversation.Prompts);
        Assert.Equal(["Agent 'helper'. Helps. Type /help for the commands.", "> Hello you.", "7 tokens (3 in, 4 out) · first token after 0.00 s · 0.00 s", "> "], Lines());
    }

    [Fact]
    public async Task What_a_model_says_is_never_read_as_markup_nor_sent_to_the_terminal_as_control()
    {
        var conversation = new ScriptedConversation([
            new ReasoningDelta("[bold]a\u001b[2J"), new TextDelta("[red]boo[/] [/] \u0007"),
            new ToolStarted("1", "[blink]t", new Dictionary<string, object?> { ["[a]"] = "[b]\u001b" }),
            new ToolProgress("1", "t", "[c"), new ToolFinished("1", "t", "[d]\nsecond\u001bline", ToolOutcome.Failed, TimeSpan.FromSeconds(2.5)),
            new TurnFailed(new(TurnErrorKind.Unknown, "[e]\u001b"), "", TokenUsage.None)]);

        await Run(conversation, "x", "/quit");

        Assert.DoesNotContain('\u001b', _console.Output);
        Assert.DoesNotContain('\u0007', _console.Output);
        Assert.Equal(
        [
            "> [bold]a\uFFFD[2J", "[red]boo[/] [/] \uFFFD", "  [blink]t([a]: \"[b]\uFFFD\") …", "  [blink]t([a]: \"[b]\uFFFD\"): [c",
            "  [blink]t([a]: \"[b]\uFFFD\") failed: [d] second\uFFFDline (2.5 s)", "The turn failed: [e]\uFFFD",
        ], Lines()[1..7]);
    }

    [Fact]
    public async Task Reasoning_is_dimmed_and_the_answer_is_not()
    {
        _console.EmitAnsiSequences();
        await Run(new ScriptedConversation([new ReasoningDelta("thought"), new TextDelta("answer"), Completed("answer")]), "x", "/quit");

        Assert.Contains("\u001b[2;3mthought\u001b[0m", _console.Output);
        Assert.Contains("\nanswer\n", _console.Output);
    }

    [Theory]
    [InlineData(true, "y")]
    [InlineData(true, " YES ")]
    [InlineData(false, "n")]
    [InlineData(false, "maybe", "", "no")]
    public async Task An_approval_is_asked_until_it_is_answered(bool approved, params string[] typed)
    {
        var conversation = new ScriptedConversation([Request, Completed("ok")]);

        await Run(conversation, ["x", .. typed, "/quit"]);

        Assert.Equal([("r1", approved, null)], conversation.Answers);
        Assert.Equal(typed.Length, _console.Output.Split("Run it? (y/n)").Length - 1);
    }

    [Fact]
    public async Task An_answer_that_came_too_late_is_told()
    {
        await Run(new ScriptedConversation([Request, Completed("ok")]) { TakesAnswers = false }, "x", "y", "/quit");

        Assert.Contains(Lines(), l => l.EndsWith("The answer for send-message came too late.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_interrupts_the_running_turn_and_the_chat_goes_on()
    {
        var conversation = new ScriptedConversation([new TextDelta("Once upon")], [new TextDelta("again"), Completed("again")]);
        var typed = new TypedLines("a story");
        var chat = Chat(conversation, typed);
        await conversation.Waiting.Task;
        _interruptions.Interrupt();
        typed.Type("next");
        typed.Type("/quit");

        Assert.Equal(ExitCode.Ok, await chat);
        Assert.Equal(["> Once upon", "Interrupted: you stopped the turn. What was written so far is kept in the conversation."], Lines()[1..3]);
        Assert.Contains("> again", Lines());
    }

    [Fact]
    public async Task Ctrl_C_while_an_approval_is_asked_interrupts_the_turn_and_the_next_line_is_a_prompt()
    {
        var conversation = new ScriptedConversation([Request], [Completed("ok")]);
        var typed = new TypedLines("x");
        var chat = Chat(conversation, typed);
        await typed.Awaited.Task;
        _interruptions.Interrupt();
        typed.Type("y");
        typed.Type("/quit");

        Assert.Equal(ExitCode.Ok, await chat);
        Assert.Empty(conversation.Answers);
        Assert.Equal(["x", "y"], conversation.Prompts);
    }

    [Fact]
    public async Task Ctrl_C_while_nothing_runs_leaves()
    {
        var chat = Chat(new ScriptedConversation(), new TypedLines());
        _interruptions.Interrupt();

        Assert.Equal(ExitCode.Ok, await chat);
        Assert.Equal("Bye.", Lines()[^1]);
    }

    [Fact]
    public async Task A_termination_during_a_turn_tells_its_end_and_leaves()
    {
        var conversation = new ScriptedConversation([new TextDelta("Once upon")]);
        var chat = Chat(conversation, new TypedLines("a story"));
        await conversation.Waiting.Task;
        _interruptions.Terminate();

        Assert.Equal(ExitCode.Terminated, await chat);
        Assert.Contains(Lines(), l => l.StartsWith("Interrupted: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_the_input_leaves() => Assert.Equal(ExitCode.Ok, await Run(new ScriptedConversation(), [null]));

    [Fact]
    public async Task Clear_forgets_the_conversation()
    {
        var conversation = new ScriptedConversation();

        await Run(conversation, "/clear", "/quit");

        Assert.Equal(1, conversation.Cleared);
    }

    [Fact]
    public async Task History_shows_messages_calls_results_and_marks()
    {
        var conversation = new ScriptedConversation();
        var interrupted = new ChatMessage(ChatRole.Assistant, "Once") { AdditionalProperties = new() { ["actoragents.state"] = "interrupted" } };
        conversation.Messages.AddRange([
            new(ChatRole.User, "[hi]"),
            new(ChatRole.Assistant, [new TextContent("Let me ask.\n\n"), new FunctionCallContent("1", "clock", new Dictionary<string, object?> { ["timezone"] = "UTC" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "noon")]), interrupted]);

        await Run(conversation, "/history", "/quit");

        Assert.Equal(["> user: [hi]", "assistant: Let me ask.", "assistant: [calls] clock(timezone: \"UTC\")", "tool: [result] noon", "assistant (interrupted): Once"], Lines()[1..6]);
    }

    [Fact]
    public async Task History_of_nothing_says_so()
    {
        await Run(new ScriptedConversation(), "/history", "/quit");

        Assert.Contains("> Nothing has been said yet.", Lines());
    }

    [Fact]
    public async Task Help_lists_every_command()
    {
        await Run(new ScriptedConversation(), "/help", "/quit");

        Assert.All(ChatCommands.All, c => Assert.Contains(c, _console.Output));
    }

    [Fact]
    public async Task A_mistyped_command_is_not_sent_to_the_model()
    {
        var conversation = new ScriptedConversation();

        await Run(conversation, "/histroy", "", "   ", "/quit");

        Assert.Contains("> '/histroy' is not a command. Did you mean '/history'? Commands: /help, /clear, /history, /quit.", Lines());
        Assert.Empty(conversation.Prompts);
    }

    [Fact]
    public async Task A_prompt_may_begin_with_a_path()
    {
        var conversation = new ScriptedConversation([Completed("ok")]);

        await Run(conversation, "/etc/hosts is what?", "/quit");

        Assert.Equal(["/etc/hosts is what?"], conversation.Prompts);
    }

    private static ApprovalRequested Request => new("1", "r1", "send-message", new Dictionary<string, object?> { ["to"] = "ops" });

    private static TurnCompleted Completed(string text, TokenUsage? usage = null) => new(text, ChatFinishReason.Stop, usage ?? TokenUsage.None);

    private Task<int> Run(ScriptedConversation conversation, params string?[] lines) => Chat(conversation, new TypedLines(lines));

    private Task<int> Chat(IConversation conversation, TypedLines lines) =>
        new InteractiveChat(conversation, _console, new LineReader(lines), _interruptions, _time).RunAsync();

    // A typed line's own end is the terminal's echo, which is not there: an answer begins on the line of its prompt.
    private string[] Lines() => _console.Output.Split('\n') is [.. var lines, ""] ? lines : _console.Output.Split('\n');
}
