using System.IO.Pipelines;
using System.Text.Json;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class ToolCallFormatTests
{
    private static readonly Dictionary<string, object?> Riga = new() { ["city"] = JsonSerializer.SerializeToElement("Riga") };

    [Fact]
    public void A_call_that_comes_whole_begins_has_its_arguments_and_is_complete()
    {
        Assert.Equal(["begin c get", """c {"city":"Riga"}""", "complete c get"], Shown(new ToolStarted("c", "get", Riga), new ToolFinished("c", "get", "18", ToolOutcome.Succeeded, default)));
    }

    [Fact]
    public void Pieces_are_shown_as_they_come_and_not_again_when_the_call_is_whole()
    {
        Assert.Equal(["begin c get", "c {\"ci", "c ty\":\"Riga\"}", "complete c get"],
            Shown(new ToolCallDelta("c", "get", 0, ""), new ToolCallDelta("c", "get", 0, "{\"ci"), new ToolCallDelta("c", "get", 0, "ty\":\"Riga\"}"), new ToolStarted("c", "get", Riga)));
    }

    [Fact]
    public void Pieces_that_come_before_their_call_has_a_name_and_an_id_are_kept_until_it_has()
    {
        Assert.Equal(["begin a get", "a {\"a\":", "a 1}", "begin b put", "b {\"b\":2}", "complete a get", "complete b put"], Shown(
            new ToolCallDelta(null, null, 0, "{\"a\""), new ToolCallDelta(null, "put", 1, "{\"b\""), new ToolCallDelta(null, "get", 0, ":"),
            new ToolCallDelta("a", "get", 0, ""), new ToolCallDelta("a", "get", 0, "1}"), new ToolCallDelta("b", "put", 1, ":2}"),
            new ToolStarted("a", "get", Riga), new ToolStarted("b", "put", Riga)));
    }

    [Fact]
    public void Pieces_that_never_got_a_name_are_no_part_of_the_next_step()
    {
        Assert.Equal(["begin c get", "c {}"], Shown(new ToolCallDelta(null, null, 0, "lost"), new StepFinished(TokenUsage.None, null), new ToolCallDelta("c", "get", 0, "{}")));
    }

    [Fact]
    public void A_call_whose_id_is_used_again_in_a_later_step_is_another()
    {
        Assert.Equal(["begin c get", """c {"city":"Riga"}""", "complete c get", "begin c get", """c {"city":"Riga"}""", "complete c get"], Shown(
            new ToolStarted("c", "get", Riga), new ToolFinished("c", "get", "18", ToolOutcome.Succeeded, default), new StepFinished(TokenUsage.None, null),
            new ToolStarted("c", "get", Riga), new ToolFinished("c", "get", "19", ToolOutcome.Succeeded, default)));
    }

    [Fact]
    public void A_call_that_never_started_is_complete_once_without_arguments()
    {
        var refused = new ToolFinished("c", "get", "Error: not run (limit).", ToolOutcome.Failed, default);

        Assert.Equal(["begin c get", "complete c get, which nobody read"], Shown(refused));
        Assert.Equal(["begin c get", "c {\"city\":", "complete c get, which nobody read"], Shown(new ToolCallDelta("c", "get", 0, "{\"city\":"), refused));
    }

    [Fact]
    public void A_call_that_waits_for_a_person_is_complete_before_it_starts()
    {
        Assert.Equal(["begin c get", """c {"city":"Riga"}""", "complete c get"], Shown(
            new ApprovalRequested("c", "r", "get", Riga), new ToolStarted("c", "get", Riga), new ToolFinished("c", "get", "18", ToolOutcome.Rejected, default)));
    }

    [Fact]
    public void Open_calls_are_complete_at_the_end_and_others_than_those_asked_for_are_not_shown()
    {
        Assert.Equal(["begin c get", """c {"city":"Riga"}""", "complete c get"], Shown(
            new ToolCallDelta("h", "hidden", 0, "{}"), new ToolStarted("h", "hidden", Riga), new ToolFinished("h", "hidden", "", ToolOutcome.Succeeded, default),
            new TurnCompleted("", null, TokenUsage.None, OpenCalls: [new("c", "get", Riga)])));
    }

    private static List<string> Shown(params TurnEvent[] events)
    {
        var format = new Recorder();
        using var frames = new SseWriter(PipeWriter.Create(Stream.Null));
        foreach (var next in events) format.Write(next, frames);
        return format.Said;
    }

    private sealed class Recorder : ToolCallFormat
    {
        public List<string> Said { get; } = [];

        protected override bool Shows(string tool) => tool != "hidden";

        public override void Write(TurnEvent next, SseWriter frames) => WriteCalls(next, frames);

        protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool) => Said.Add($"begin {callId} {tool}");

        protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece) => Said.Add($"{callId} {piece}");

        protected override void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments) =>
            Said.Add($"complete {callId} {tool}{(arguments is null ? ", which nobody read" : "")}");
    }
}
