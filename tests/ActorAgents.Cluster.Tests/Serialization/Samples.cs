using System.Text.Json;
using ActorAgents.Cluster.Tests.Persistence;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Serialization;

/// <summary>One of each that is stored or sent, with every member set.</summary>
internal static class Samples
{
    private static readonly AgentId Agent = new("writer", "a/b ä", "acme");
    private static readonly TurnId Turn = new("0198c0ffee"), Other = new("0198c0ffef");
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly TokenUsage Usage = new(1, 2, 3, 4, 5);
    private static readonly TurnError Error = new(TurnErrorKind.RateLimited, "Too fast.", TimeSpan.FromSeconds(1.5), 429, "request");
    private static readonly Dictionary<string, object?> Arguments = new() { ["city"] = "Riga", ["days"] = 3L, ["detailed"] = true, ["none"] = null, ["where"] = JsonElement.Parse("""{"lat":56.9}""") };

    private static readonly Guid Request = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly StandingHalt Halt = new(3, HaltScope.Kind("writer"), "A drill.", At, "ann");

    public static IReadOnlyList<TurnEvent> Events { get; } = Placed(Turn, 1,
        new TurnStarted(), new TextDelta("Once "), new TextDelta(""), new TextDelta("upon \ud83d"), new TextDelta("\ude00 time"), new ReasoningDelta("Hm"), new ReasoningDelta("m."),
        new ContentAdded("image/png", new byte[] { 1, 2, 3, 255 }), new ContentAdded("image/jpeg", default, new Uri("https://example.com/a.jpg")),
        new ToolCallDelta("call", "weather", 1, "{\"city\":"), new ToolCallDelta(null, null, 0, "x"), new ToolStarted("call", "weather", Arguments), new ToolProgress("call", "weather", "half"),
        new ToolFinished("call", "weather", "18 °C", ToolOutcome.TimedOut, TimeSpan.FromMilliseconds(1234)), new ApprovalRequested("call", "request", "weather", Arguments),
        new Retrying(2, TimeSpan.FromSeconds(3), Error), new StepFinished(Usage, ChatFinishReason.ToolCalls), new StepFinished(TokenUsage.None, null), new Reset(3),
        new TurnCompleted("Once", ChatFinishReason.Stop, Usage, TurnLimit.ToolCalls, [new OpenToolCall("open", "pay", Arguments)], Other),
        new TurnInterrupted("Once", InterruptReason.NodeLost, Usage), new TurnFailed(Error, "Once", TokenUsage.None));

    public static IReadOnlyList<ChatMessage> Messages { get; } =
    [
        new(ChatRole.User, [new TextContent("Hello"), new DataContent(new byte[] { 1, 2, 3 }, "image/png") { Name = "a.png" }, new UriContent("https://example.com/a.jpg", "image/jpeg")])
        {
            AuthorName = "Ann", MessageId = "m1", CreatedAt = At, AdditionalProperties = new() { ["text"] = "value", ["number"] = 5L, ["truth"] = true },
        },
        new(ChatRole.Assistant, [new TextReasoningContent("Hm.") { ProtectedData = "signature" }, new FunctionCallContent("call", "weather", new Dictionary<string, object?>(Arguments)) { InformationalOnly = true },
            new UsageContent(new UsageDetails { InputTokenCount = 1, AdditionalCounts = new() { ["more"] = 7 } }), new ErrorContent("no") { ErrorCode = "code" }]),
        new(ChatRole.Tool, [new FunctionResultContent("call", "18 °C")]),
    ];

    public static TurnOptions Options { get; } = new()
    {
        TurnId = Turn, Follows = Other, ForgetAfter = TimeSpan.FromMinutes(2), Conversation = Messages, OnBusy = BusyPolicy.Steer, Context = [new("user", "Ann"), new("user", "Bob")],
        Limits = AgentLimits.Default with { MaxToolRounds = 3, ApprovalTimeout = TimeSpan.FromMinutes(1), MaxTurnTokens = 1_000 }, Pace = Pace.ByReader(64), FallBackToNonStreaming = true,
        Chat = new()
        {
            ConversationId = "c", Instructions = "Be brief.", Temperature = 0.5f, MaxOutputTokens = 100, TopP = 0.25f, TopK = 3, FrequencyPenalty = 0.5f, PresencePenalty = 0.75f, Seed = 7,
            Reasoning = new() { Effort = ReasoningEffort.High, Output = ReasoningOutput.Summary }, ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "story", "A story."),
            ModelId = "model", StopSequences = ["END"], AllowMultipleToolCalls = false, ToolMode = ChatToolMode.RequireSpecific("weather"),
            Tools = [AIFunctionFactory.CreateDeclaration("weather", "How warm it is.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""), JsonElement.Parse("""{"type":"string"}"""))],
            AdditionalProperties = new() { ["extra"] = "value" },
        },
    };

    private static readonly JournalEntry.InputAccepted Accepted = new(Turn, Messages, Options, Attached: true, At);

    public static JournalBatch Batch { get; } = new(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
    [
        Accepted,
        new JournalEntry.TurnProgressed(Turn, Events, Messages),
        new JournalEntry.TurnResumed(Turn, 2, 5, Messages, At),
        new JournalEntry.CallAnswered(Turn, "request", true, "Go on."),
        new JournalEntry.TurnRecorded(Turn, TurnState.Interrupted, "NodeLost", true, At),
        new JournalEntry.ConversationCleared(),
        new JournalEntry.ProviderChosen("other"),
        new JournalEntry.ToolAdded("clock"),
        new JournalEntry.ToolRemoved("weather"),
    ]);

    public static AgentSnapshot Snapshot { get; } = new(
        new AgentState(
            [new(Turn, TurnState.Completed, [.. Messages], 1), new(Other, TurnState.Failed, [], 0, "Unknown")], "other", [new("clock", true), new("weather", false)],
            [new(Accepted, [.. Events], [.. Messages], [new(Turn, "request", false, null)], 2)], [new(Other, [.. Events], At)], TimeSpan.FromHours(1)),
        new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"));

    /// <summary>What journals hold, by the name of its golden file.</summary>
    public static IReadOnlyDictionary<string, object> Stored { get; } = new Dictionary<string, object>
    {
        ["b1-batch"] = Batch,
        ["s1-snapshot"] = Snapshot,
        ["f1-forgotten"] = new Forgotten(),
        ["aw1-awake-changed"] = new AwakeChanged([Agent], [new AgentId("writer", "b")]),
        ["as1-awake-agents"] = new AwakeAgents([Agent]),
        ["hs1-halt-stood"] = new HaltStood(3, HaltScope.Agent(Agent), "A drill.", "ann", At, Request),
        ["hs1-halt-stood-by-nobody-known"] = new HaltStood(4, HaltScope.Cluster, "A \"drill\".", null, At, Request),
        ["hr1-halt-released"] = new HaltReleased(5, Halt, "bob", At, Request),
        ["hn1-halts-snapshot"] = new HaltsSnapshot(5, [Halt, Halt with { Id = 4, Scope = HaltScope.TenantKind("acme", "writer"), By = null }], [new DoneRequest(Request, 3)]),
    };

    public static IReadOnlyList<object> All { get; } =
    [
        .. Stored.Values,
        new JournalBatch(Guid.NewGuid(),
        [
            Accepted with { Durability = Durability.BeforePublish },
            new JournalEntry.TurnProgressed(Turn, Events, Messages, [Other]),
            new JournalEntry.TurnResumed(Turn, 2, 5, Messages, At, Durability.BeforePublish),
            new JournalEntry.TurnHandedOn(Turn),
            new JournalEntry.StopAsked(Turn),
        ]),
        Snapshot with { State = Snapshot.State with { Live = [Snapshot.State.Live[0] with { Durability = Durability.BeforePublish, IsHandedOn = true, SteeredInto = Other }] } },
        new AgentProtocol.StartTurn(Agent, Turn, Guid.NewGuid(), AgentInput.Stored(Messages), Options, Attached: true, MayCallWhole: true, "00-trace"),
        new AgentProtocol.StartTurn(Agent, Turn, Guid.NewGuid(), "Hello", new TurnOptions(), Attached: false, MayCallWhole: false, null),
        new AgentProtocol.TurnAdmitted(null),
        new AgentProtocol.TurnAdmitted(Error),
        new AgentProtocol.Pull(Agent, Turn, new TurnCursor(2, 7), 64, Now: true),
        new AgentProtocol.Batch(Events),
        AgentProtocol.Batch.Gone,
        AgentProtocol.Batch.Empty,
        new AgentProtocol.Interrupt(Agent, Turn, InterruptMode.AfterStep, InterruptReason.Caller),
        new AgentProtocol.Answer(Agent, "request", true, "Go on."),
        ApprovalOutcome.AlreadyAnswered,
        new AgentProtocol.GetMessages(Agent),
        new AgentProtocol.Messages([.. Messages]),
        new AgentProtocol.GetTurns(Agent),
        new AgentProtocol.Turns([Turn, Other]),
        new AgentProtocol.AwaitEnd(Agent, Turn),
        new AgentProtocol.Clear(Agent),
        new AgentProtocol.Remove(Agent),
        new AgentProtocol.RemoveIf(Agent, Turn),
        new AgentProtocol.RemoveIf(Agent, null),
        new AgentProtocol.Discard(Agent),
        new AgentProtocol.GetProvider(Agent),
        new ProviderInfo("default", "openai", "model", true, false, TimeSpan.FromMinutes(10), 2, 0.5f, 100),
        new AgentProtocol.UseProvider(Agent, "other"),
        new AgentProtocol.AddTool(Agent, "clock"),
        new AgentProtocol.RemoveTool(Agent, "clock"),
        new AgentProtocol.Refused("No tool is named so."),
        true,
        false,
        new HaltProtocol.Stand(Request, HaltScope.Agent(Agent), "A drill.", "ann"),
        new HaltProtocol.Release(Request, 3, "acme", "ann"),
        new HaltProtocol.Recorded(3, At, [new HaltedNode("node:1", 7), new HaltedNode("node:2", null)]),
        new HaltProtocol.Refused("No."),
        new HaltProtocol.GetHalts("node:1", -1),
        new HaltProtocol.Halts(3, [Halt], 2),
        new HaltProtocol.Obeyed("node:1", 3, [new HaltProtocol.StoppedTurns(3, 7)]),
        new HaltProtocol.GetHistory(5, 10),
        new HaltProtocol.History([new HaltProtocol.HistoryEntry(3, HaltAction.Released, Halt, "ann", At)]),
        new NodeLeaves("node1.example.com", 2552, -7),
        new GetStatus(),
        new RuntimeStatus
        {
            IsReady = true, Agents = 1, LiveTurns = 2, WaitingTurns = 3, QueuedInputs = 4, Completed = 5, Interrupted = 6, Failed = 7, AbandonedCalls = 8, AbandonedTools = long.MaxValue,
        },
    ];

    /// <summary>With places that follow each other.</summary>
    public static IReadOnlyList<TurnEvent> Placed(TurnId turn, int epoch, params TurnEvent[] events) => [.. events.Select((next, i) => Entries.Place(next, turn, i + 1, epoch))];
}
