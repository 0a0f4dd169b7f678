using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Serialization;

public sealed class EventTests
{
    private static readonly TokenUsage Usage = new(1, 2, 3);

    [Fact]
    public void Every_event_of_a_turn_is_read_as_it_was_written()
    {
        IReadOnlyList<TurnEvent> written = Placed(
        [
            new TurnStarted(), new TextDelta("Hel"), new TextDelta("lo"), new ReasoningDelta("hm"), new Retrying(1, TimeSpan.FromSeconds(2), new TurnError(TurnErrorKind.Transient, "again")),
            new ToolProgress("c1", "clock", "50 %"), new StepFinished(Usage, ChatFinishReason.ToolCalls), new StepFinished(TokenUsage.None, null), new Reset(2),
            new TurnCompleted("Hello", ChatFinishReason.Stop, Usage), new TurnInterrupted("Hel", InterruptReason.NodeLost, Usage),
            new TurnFailed(new TurnError(TurnErrorKind.Unknown, "no"), "Hel", Usage),
        ]);

        var read = JsonSerializer.Deserialize<IReadOnlyList<TurnEvent>>(JsonSerializer.Serialize(written, WireJson.Options), WireJson.Options)!;

        Assert.Equal(written, read);
    }

    private static TurnEvent[] Placed(TurnEvent[] events) => [.. events.Select((e, i) => e with { Turn = new TurnId("t1"), Epoch = 2, Seq = i + 1 })];
}
