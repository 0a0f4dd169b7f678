using System.Collections.Concurrent;
using ActorAgents.Testing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

/// <summary>Whatever the model calls, whatever the tools do and whenever the turn is stopped: calls and results stay paired.</summary>
public sealed class PairingPropertyTests : IAsyncLifetime
{
    public enum Call { Good, Slow, Throwing, Deaf, Unknown, Malformed, InPieces, CutPieces, Declared, Guarded, Handled, Informational }

    /// <param name="StopAfter">The number of events after which the turn is interrupted; more than there are means never.</param>
    public sealed record Plan(WayOut Way, Call[][] Rounds, int StopAfter, InterruptMode Mode, int MaxParallel, int MaxCalls)
    {
        public override string ToString() =>
            $"{Way}, stop after {StopAfter} ({Mode}), {MaxParallel} at once, {MaxCalls} in all: {string.Join(" | ", Rounds.Select(r => string.Join(" ", r)))}";
    }

    private readonly ConcurrentDictionary<string, ConcurrentQueue<ChatScript>> _scripts = new();
    private readonly Gate _deaf = new();
    private AgentRuntime _runtime = null!;
    private ScriptedProvider _provider = null!;
    private int _plans;

    public async Task InitializeAsync()
    {
        _provider = new ScriptedProvider(request => _scripts[request.Prompt].TryDequeue(out var script) ? script : "Done.");
        AITool[] tools =
        [
            new ScriptedTool("good"), new ScriptedTool("bad").Throws(new IOException("disk")),
            AIFunctionFactory.Create(async () => { await Task.Yield(); return "slow"; }, "slow"),
            new ScriptedTool("deaf").Holds(_deaf).IgnoresCancellation(),
            AIFunctionFactory.CreateDeclaration("ask", "Asks the user.", new ScriptedTool("x").JsonSchema),
            new ApprovalRequiredAIFunction(new ScriptedTool("guarded")),
        ];
        _runtime = await WaysOut.StartAsync(_provider, agent => { foreach (var tool in tools) agent.WithTool(tool); });
    }

    public async Task DisposeAsync()
    {
        _deaf.Open();
        await _runtime.DisposeAsync();
    }

    [Property(Arbitrary = [typeof(Plans)], MaxTest = 300), Trait("Behaviour", "M12"), Trait("Behaviour", "T50")]
    public async Task Every_recorded_call_has_one_result_and_the_next_request_is_valid(Plan plan)
    {
        var name = $"plan {Interlocked.Increment(ref _plans)}";
        var agent = _runtime.Agents["writer", name];
        _scripts[name] = new(plan.Rounds.Select(Script));
        var limits = AgentLimits.Default with { MaxParallelTools = plan.MaxParallel, MaxToolCalls = plan.MaxCalls };

        var events = await ReadAsync(plan, agent, name, limits);

        var end = Assert.IsAssignableFrom<TerminalEvent>(events[^1]);
        var history = await agent.GetMessagesAsync();
        var open = (end as TurnCompleted)?.OpenCalls ?? [];
        Pairing.AssertComplete(history, open.Select(o => o.CallId));
        if (end is TurnCompleted) Assert.Equal(events.OfType<ToolStarted>().Select(e => e.CallId).Order(), StartedAndFinished(events));

        _scripts[name].Clear();
        await agent.RunAsync(name);
        Pairing.AssertValid(_provider.Requests.Last(r => r.Prompt == name).Messages);
        Assert.Empty(_provider.Violations);
    }

    private async Task<List<TurnEvent>> ReadAsync(Plan plan, Agent agent, string name, AgentLimits limits)
    {
        var turn = new TurnId("t1");
        var events = new List<TurnEvent>();
        var stopped = false;
        await foreach (var next in _runtime.Read(plan.Way, agent, name, new TurnOptions { TurnId = turn, Limits = limits }))
        {
            events.Add(next);
            if (next is ApprovalRequested asked) await agent.AnswerAsync(asked.RequestId, approved: asked.CallId[^1] % 2 == 0);
            if (next is ToolStarted { Tool: "deaf" } && plan.Mode == InterruptMode.Immediate && !stopped) stopped = await agent.InterruptAsync(turn);
            if (events.Count == plan.StopAfter) await agent.InterruptAsync(turn, plan.Mode);
        }
        return events;
    }

    private static IEnumerable<string> StartedAndFinished(List<TurnEvent> events) =>
        events.OfType<ToolFinished>().Select(e => e.CallId).Intersect(events.OfType<ToolStarted>().Select(e => e.CallId)).Order();

    private static ChatScript Script(Call[] round, int number)
    {
        var script = Testing.Script.Text($"Round {number}. ").YieldBetween();
        for (var i = 0; i < round.Length; i++)
        {
            var id = $"c{number}-{i}";
            script = round[i] switch
            {
                Call.Good => script.Call("good", callId: id),
                Call.Slow => script.Call("slow", callId: id),
                Call.Throwing => script.Call("bad", callId: id),
                Call.Deaf => script.Call("deaf", callId: id),
                Call.Unknown => script.Call("nobody", callId: id),
                Call.Malformed => script.MalformedCall("good", "{", id),
                Call.InPieces => script.CallInPieces("good", "{}", 2, id, i, close: i % 2 == 0),
                Call.CutPieces => script.CallInPieces("good", """{"a":""", 2, id, i, close: false),
                Call.Declared => script.Call("ask", callId: id),
                Call.Guarded => script.Call("guarded", callId: id),
                Call.Handled => script.Content(new FunctionCallContent(id, "good")).Text(".").Content(new FunctionResultContent(id, "theirs")),
                _ => script.Content(new FunctionCallContent(id, "good") { InformationalOnly = true }),
            };
        }
        return script;
    }

    public static class Plans
    {
        public static Arbitrary<Plan> Of()
        {
            var kinds = Enum.GetValues<Call>();
            var rounds = Gen.Elements(kinds).ArrayOf().Select(r => r.Take(6).ToArray());
            var plans =
                from way in Gen.Elements(Enum.GetValues<WayOut>())
                from r in Gen.Choose(1, 4).SelectMany(n => rounds.ArrayOf(n))
                from stop in Gen.Choose(1, 40)
                from mode in Gen.Elements(Enum.GetValues<InterruptMode>())
                from parallel in Gen.Choose(1, 4)
                from calls in Gen.Choose(1, 12)
                // A deaf tool ends only when its turn is stopped at once.
                select new Plan(way, [.. r.Select(x => mode == InterruptMode.Immediate ? x : [.. x.Where(c => c != Call.Deaf)])], stop, mode, parallel, calls);
            return plans.ToArbitrary();
        }
    }
}
