using ActorAgents.Host.Chat;
using ActorAgents.Host.Chat.Views;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tests.Chat;

public sealed class PlainViewTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Only_the_answer_goes_to_standard_output()
    {
        var code = await Run(
            new TurnStarted(), new ReasoningDelta("hmm "), new ReasoningDelta("well"), new TextDelta("It is "),
            new ToolCallDelta("1", "clock", 0, "{}"), new ToolStarted("1", "clock", new Dictionary<string, object?> { ["timezone"] = "UTC" }),
            new ToolProgress("1", "clock", "50 %"), new ToolFinished("1", "clock", "noon", ToolOutcome.Succeeded, TimeSpan.FromMilliseconds(3)),
            new TextDelta("noon."), new StepFinished(TokenUsage.None, ChatFinishReason.Stop), Completed("It is noon."));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal("It is noon.\n", _output.ToString());
        Assert.Equal(["hmm well", "clock(timezone: \"UTC\") …", "clock(timezone: \"UTC\"): 50 %", "clock(timezone: \"UTC\") = noon (3 ms)"], ErrorLines());
    }

    [Fact]
    public async Task An_answer_that_ends_its_line_gets_no_second_end()
    {
        await Run(new TextDelta("a\n"), Completed("a\n"));

        Assert.Equal("a\n", _output.ToString());
    }

    [Fact]
    public async Task An_empty_answer_leaves_standard_output_empty_and_says_so()
    {
        Assert.Equal(ExitCode.Ok, await Run(Completed("")));
        Assert.Equal("", _output.ToString());
        Assert.Equal(["The answer is empty."], ErrorLines());
    }

    [Fact]
    public async Task The_answer_is_passed_on_exactly_unless_a_terminal_reads_it()
    {
        const string Text = "\u001b[31m[red]boo[/]\r\n";
        await Run(new TextDelta(Text), Completed(Text));
        Assert.Equal(Text, _output.ToString());

        _output.GetStringBuilder().Clear();
        await Run(printable: true, new TextDelta(Text), Completed(Text));
        Assert.Equal("\uFFFD[31m[red]boo[/]\n", _output.ToString());
    }

    [Fact]
    public async Task A_failure_keeps_the_text_and_exits_with_1()
    {
        var code = await Run(new TextDelta("Hel"), new TurnFailed(new(TurnErrorKind.Transient, "The provider broke off."), "Hel", TokenUsage.None));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("Hel\n", _output.ToString());
        Assert.Equal(["The turn failed: The provider broke off. What was written so far is kept in the conversation."], ErrorLines());
    }

    [Fact]
    public async Task A_timeout_exits_with_1_and_names_the_limit()
    {
        Assert.Equal(ExitCode.Failed, await Run(new TurnInterrupted("", InterruptReason.IdleTimeout, TokenUsage.None)));
        Assert.Equal(["Interrupted: the provider was silent within limits.idleTimeout (60 s) of agent 'helper'."], ErrorLines());
    }

    [Fact]
    public async Task An_interrupt_keeps_the_text_and_exits_with_130()
    {
        var conversation = new ScriptedConversation([new TextDelta("Once upon")]);
        using var interruptions = new Interruptions();
        var run = Run(conversation, interruptions);
        await conversation.Waiting.Task;
        interruptions.Interrupt();

        Assert.Equal(ExitCode.Interrupted, await run);
        Assert.Equal("Once upon\n", _output.ToString());
        Assert.Equal(["Interrupted: you stopped the turn. What was written so far is kept in the conversation."], ErrorLines());
    }

    [Fact]
    public async Task A_termination_exits_with_143()
    {
        var conversation = new ScriptedConversation([[]]);
        using var interruptions = new Interruptions();
        var run = Run(conversation, interruptions);
        await conversation.Waiting.Task;
        interruptions.Terminate();

        Assert.Equal(ExitCode.Terminated, await run);
    }

    [Fact]
    public async Task A_second_interrupt_does_not_wait_for_the_turn()
    {
        var conversation = new StuckConversation();
        using var interruptions = new Interruptions();
        var run = new OneShot(conversation, View(conversation, false), Approvers.None, interruptions).RunAsync("x");
        interruptions.Interrupt();
        Assert.False(run.IsCompleted);
        interruptions.Interrupt();

        Assert.Equal(ExitCode.Interrupted, await run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nobody_can_be_asked_calls_are_refused_unless_told_otherwise(bool all)
    {
        var conversation = new ScriptedConversation([new ApprovalRequested("1", "r1", "send-message", new Dictionary<string, object?> { ["to"] = "ops" }), Completed("ok")]);
        using var interruptions = new Interruptions();
        await new OneShot(conversation, View(conversation, false), all ? Approvers.All : Approvers.None, interruptions).RunAsync("x");

        Assert.Equal([("r1", all, all ? null : "Nobody is there to be asked.")], conversation.Answers);
        Assert.Contains("send-message(to: \"ops\") needs approval.", ErrorLines());
    }

    [Fact]
    public async Task What_else_happens_is_told_on_standard_error()
    {
        await Run(
            new Retrying(1, TimeSpan.FromSeconds(1.5), new(TurnErrorKind.Transient, "503.")), new ContentAdded("image/png", new byte[12]),
            new ContentAdded("text/plain", "No."u8.ToArray()), new ContentAdded("image/png", default, new Uri("https://example.org/a.png")), new Reset(0),
            new TurnCompleted("x", ChatFinishReason.Stop, TokenUsage.None, TurnLimit.ToolRounds));

        Assert.Equal(
        [
            "The provider failed: 503. Trying again in 1.5 s (attempt 1).", "[image/png: 12 bytes]", "No.", "[image/png: https://example.org/a.png]",
            "What was written so far is withdrawn; what follows takes its place.", "A limit ended the work: limits.maxToolRounds (40) of agent 'helper'.",
        ], ErrorLines());
    }

    private static TurnCompleted Completed(string text) => new(text, ChatFinishReason.Stop, TokenUsage.None);

    private string[] ErrorLines() => _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private Task<int> Run(params TurnEvent[] events) => Run(false, events);

    private async Task<int> Run(bool printable, params TurnEvent[] events)
    {
        using var interruptions = new Interruptions();
        return await Run(new ScriptedConversation(events), interruptions, printable);
    }

    private Task<int> Run(ScriptedConversation conversation, Interruptions interruptions, bool printable = false) =>
        new OneShot(conversation, View(conversation, printable), Approvers.None, interruptions).RunAsync("x");

    private PlainView View(IConversation conversation, bool printable) => new(_output, _error, conversation.Definition, printable);

    private sealed class StuckConversation : IConversation
    {
        public AgentDefinition Definition { get; } = new() { Kind = "stuck" };

        public async IAsyncEnumerable<TurnEvent> EventsAsync(string prompt, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken interrupt)
        {
            await new TaskCompletionSource().Task;
            yield break;
        }

        public Task<ApprovalOutcome> AnswerAsync(string requestId, bool approved, string? reason) => Task.FromResult(ApprovalOutcome.Unknown);
        public Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ChatMessage>>([]);
        public Task ClearAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
