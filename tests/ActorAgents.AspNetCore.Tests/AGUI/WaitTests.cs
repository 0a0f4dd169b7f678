using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore.Tests.AGUI;

/// <summary>A turn and its runs without a connection, at moments that none can be held at.</summary>
public sealed class WaitTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly AGUIRun Any = new("t", "r", null, []);

    private readonly ScriptedTool _send = new("send"), _look = new("look");
    private readonly MemoryStream _written = new();
    private readonly PipeWriter _pipe;
    private readonly SseWriter _frames;
    private AgentServer? _server;

    public WaitTests() => _frames = new(_pipe = PipeWriter.Create(_written));

    private Agent Agent => _server!.Agents["assistant", "t"];
    private AGUIPauses Pauses => _server!.Services.GetRequiredService<AGUIPauses>();

    public async ValueTask DisposeAsync()
    {
        _frames.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_goes_as_it_is_asked_interrupts_its_turn()
    {
        var turn = await BeginAsync(Script.Call("send", callId: "c1"));
        using var connection = new CancellationTokenSource();
        var reading = await PauseAsync(turn, connection.Token);
        var pause = Pauses.Find(Agent.Id)!;

        await connection.CancelAsync();
        await reading.DisposeAsync();

        await Agent.WhenEndedAsync(pause.Id).WaitAsync(Patience);
        Assert.Equal(("interrupted", 0), ((await Agent.GetMessagesAsync())[^1].GetTurnState(), Pauses.Count));
    }

    [Fact]
    public async Task What_goes_with_one_question_leaves_the_next_of_its_turn_alone()
    {
        var turn = await BeginAsync(Script.Call("send", callId: "c1"), Script.Call("send", callId: "c2"));
        using var connection = new CancellationTokenSource();
        var reading = await PauseAsync(turn, connection.Token);
        var first = Pauses.Find(Agent.Id)!;
        Assert.True(Pauses.TryTake(first));
        await Agent.AnswerAsync(first.Open.Single(), true);
        await PauseAsync(turn, default);
        var second = Pauses.Find(Agent.Id);

        await connection.CancelAsync();
        await reading.DisposeAsync();

        Assert.NotNull(second);
        Assert.NotSame(first, second);
        Assert.False(Pauses.TryTake(first));
        Assert.Same(second, Pauses.Find(Agent.Id));
        Assert.Equal("running", (await Agent.GetMessagesAsync())[^1].GetTurnState());
    }

    [Fact]
    public async Task A_refused_call_that_is_told_of_after_its_step_is_its_steps()
    {
        await BeginAsync(Script.Call("look", callId: "c1").Call("nope", callId: "c2"), "Done.");
        var told = await Agent.EventsAsync("hello").ToListAsync();
        var late = told.OfType<ToolFinished>().First(finished => finished.CallId == "c2");
        told.Remove(late);
        told.Insert(1 + Math.Max(told.FindIndex(next => next is StepFinished), told.FindIndex(next => next is ToolFinished { CallId: "c1" })), late);

        var turn = new AGUITurn(Pauses, Agent, told.ToAsyncEnumerable(), Patience);
        await foreach (var next in turn.Run(Any)) turn.Format.Write(next, _frames);

        var written = await WrittenAsync();
        Assert.InRange(written.FindIndex(e => Type(e) == "STEP_FINISHED"), 0, written.FindIndex(e => Type(e) == "TOOL_CALL_START" && e.GetProperty("toolCallId").GetString() == "c2"));
        Assert.Equal(["1", "1"], written.Where(e => Type(e) == "TOOL_CALL_START").Select(e => e.GetProperty("parentMessageId").GetString()![^1..]));
    }

    [Fact]
    public async Task A_question_that_is_taken_back_is_not_asked()
    {
        var turn = await BeginAsync("Hi.");
        turn.Run(Any);

        turn.Format.Write(new ApprovalRequested("c1", "q1", "send", new Dictionary<string, object?>()) { Turn = new("x"), Seq = 2 }, _frames);
        turn.Format.Write(new Reset(1) { Turn = new("x"), Seq = 3 }, _frames);
        turn.Format.Write(new StepFinished(TokenUsage.None, null) { Turn = new("x"), Seq = 4 }, _frames);

        Assert.DoesNotContain(await WrittenAsync(), e => Type(e) == "RUN_FINISHED");
        Assert.Equal(0, Pauses.Count);
    }

    [Fact]
    public async Task What_a_client_lacked_is_let_go_once_it_was_told()
    {
        var turn = await BeginAsync(Script.Call("send", callId: "c1"));
        var lacking = await PauseLackingAsync(turn);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.Contains(await WrittenAsync(), e => Type(e) == "MESSAGES_SNAPSHOT");
        Assert.False(lacking.IsAlive);
        GC.KeepAlive(turn);
    }

    private async Task<AGUITurn> BeginAsync(params ChatScript[] scripts)
    {
        _server = await AgentServer.StartAsync(new ScriptedProvider(scripts), agent: a => a.WithTool(new ApprovalRequiredAIFunction(_send)).WithTool(_look));
        return new(Pauses, Agent, Agent.EventsAsync("hello"), TimeSpan.FromHours(1));
    }

    private async Task<IAsyncDisposable> PauseAsync(AGUITurn turn, CancellationToken gone)
    {
        var reading = turn.Run(Any).GetAsyncEnumerator(gone);
        while (await reading.MoveNextAsync().AsTask().WaitAsync(Patience)) turn.Format.Write(reading.Current, _frames);
        return reading;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> PauseLackingAsync(AGUITurn turn)
    {
        var (lacking, reading) = Lacking(turn);
        await foreach (var next in reading) turn.Format.Write(next, _frames);
        return lacking;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference, IAsyncEnumerable<TurnEvent>) Lacking(AGUITurn turn)
    {
        var lacking = new AGUICatchUp(JsonDocument.Parse("[]").RootElement, new HashSet<string>(), _ => { });
        return (new(lacking), turn.Run(Any with { CatchUp = lacking }));
    }

    private async Task<List<JsonElement>> WrittenAsync()
    {
        await _pipe.FlushAsync();
        var text = Encoding.UTF8.GetString(_written.ToArray());
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];
    }

    private static string? Type(JsonElement e) => e.GetProperty("type").GetString();
}
