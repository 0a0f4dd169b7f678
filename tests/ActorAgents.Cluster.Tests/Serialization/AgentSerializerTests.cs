using System.Runtime.Serialization;
using System.Text;
using ActorAgents.Cluster.Tests.Databases;
using ActorAgents.Cluster.Tests.Persistence;
using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Serialization;

public sealed class AgentSerializerTests
{
    private readonly AgentSerializer _serializer = new(null!);

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Samples.All.Count)];

    [Theory, MemberData(nameof(Numbers))]
    public void What_is_written_is_read_again(int number)
    {
        var sample = Samples.All[number];
        Same.Assert(sample, Read(sample), sample.GetType().Name);
    }

    [Fact]
    public void Each_type_has_a_sample() => Assert.Equal(
        AgentSerializer.Types.Select(type => type.FullName).Order(), Samples.All.Select(sample => sample.GetType().FullName).Distinct().Order());

    /// <summary>What is added to the protocol is either written or known to stay in its process.</summary>
    [Fact]
    public void Each_message_of_the_protocol_is_written_or_stays()
    {
        Type[] stay =
        [
            typeof(AgentProtocol.GetEnd), typeof(AgentProtocol.End), typeof(AgentProtocol.AddOwnTool), typeof(AgentProtocol.TurnEnded), typeof(AgentProtocol.StartTool),
            typeof(AgentProtocol.StoreTurn), typeof(AgentProtocol.StayAwake), typeof(AgentProtocol.IsAwake), typeof(AgentProtocol.MayRest), typeof(AgentProtocol.Awaken),
            typeof(AgentProtocol.LeaveNode), typeof(AgentProtocol.Retire), typeof(AgentProtocol.RetireNow), typeof(AgentProtocol.Stay), typeof(AgentProtocol.HandOff), typeof(AgentProtocol.Ping),
        ];
        var messages = typeof(AgentProtocol).GetNestedTypes();
        Assert.Equal(messages.Except(stay).Select(type => type.Name).Order(), AgentSerializer.Types.Where(type => type.DeclaringType == typeof(AgentProtocol)).Select(type => type.Name).Order());
        Assert.Empty(stay.Except(messages));
    }

    [Fact]
    public void Each_kind_of_event_and_entry_has_a_sample()
    {
        Assert.Equal(Concrete<TurnEvent>(), Samples.Events.Select(next => next.GetType().Name).Distinct().Order());
        Assert.Equal(Concrete<JournalEntry>(), Samples.All.OfType<JournalBatch>().SelectMany(batch => batch.Entries).Select(entry => entry.GetType().Name).Distinct().Order());

        static IEnumerable<string> Concrete<T>() => typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract).Select(type => type.Name).Order();
    }

    [Fact]
    public void What_is_not_known_is_refused()
    {
        Assert.Contains("'b2' is not known here", Assert.Throws<SerializationException>(() => _serializer.FromBinary("{}"u8.ToArray(), "b2")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<SerializationException>(() => _serializer.FromBinary("""{"writer":"6f9619ff-8b86-d011-b42d-00c04fc964ff","entries":[{"k":"newer"}]}"""u8.ToArray(), "b1")).Message, StringComparison.Ordinal);
        Assert.Contains("'later' is not known here", Assert.Throws<SerializationException>(() => _serializer.FromBinary("""{"events":[{"k":"later","v":{}}]}"""u8.ToArray(), "ba1")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<SerializationException>(() => _serializer.FromBinary("[1"u8.ToArray(), "ba1")).Message, StringComparison.Ordinal);
        Assert.Contains("neither stored nor sent", Assert.Throws<SerializationException>(() => _serializer.Manifest(new AgentProtocol.Retire())).Message, StringComparison.Ordinal);
        Assert.Contains("neither stored nor sent", Assert.Throws<SerializationException>(() => _serializer.ToBinary(new AgentProtocol.Retire())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_code_is_refused_and_the_message_says_what_to_do()
    {
        var tool = Refusal(new() { Tools = [AIFunctionFactory.Create(() => 1, "clock")] });
        Assert.Contains("'clock'", tool, StringComparison.Ordinal);
        Assert.Contains("register it by name", tool, StringComparison.Ordinal);
        Assert.Contains("RawRepresentationFactory", Refusal(new() { RawRepresentationFactory = _ => null }), StringComparison.Ordinal);

        string Refusal(ChatOptions chat) => Assert.Throws<SerializationException>(() => _serializer.ToBinary(
            new AgentProtocol.StartTurn(new("writer", "a"), TurnId.New(), Guid.NewGuid(), "Hello", new() { Chat = chat }, false, false, null))).Message;
    }

    [Fact]
    public void Exceptions_stay_where_they_were_thrown()
    {
        var failed = Entries.Place(new TurnFailed(new TurnError(TurnErrorKind.Unknown, "It failed.") { Cause = new InvalidOperationException("secret") }, "", TokenUsage.None), TurnId.New(), 1);
        var written = _serializer.ToBinary(new AgentProtocol.Batch([failed]));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Null(Assert.IsType<TurnFailed>(Assert.Single(((AgentProtocol.Batch)_serializer.FromBinary(written, "ba1")).Events!)).Error.Cause);
    }

    [Fact]
    public void What_a_provider_attached_and_JSON_cannot_hold_is_left_out()
    {
        var circle = new List<object>();
        circle.Add(circle);
        var message = new ChatMessage(ChatRole.Assistant, [new TextContent("Hello"), new OwnContent { AdditionalProperties = new() { ["kept"] = "yes" } }])
        {
            AdditionalProperties = new() { ["code"] = () => 1, ["circle"] = circle, ["undefined"] = default(System.Text.Json.JsonElement), ["list"] = new[] { 1, 2 } },
        };
        var read = Assert.Single(((AgentProtocol.Messages)Read(new AgentProtocol.Messages([message]))).Value);
        Assert.Equal(("Hello", 2), (read.Text, read.Contents.Count));
        Assert.Equal((typeof(AIContent), "yes"), (read.Contents[1].GetType(), read.Contents[1].AdditionalProperties!["kept"]));
        Assert.All(new[] { "code", "circle", "undefined" }, name => Assert.Null(read.AdditionalProperties![name]));
        Assert.Equal("[1,2]", read.AdditionalProperties!["list"]!.ToString());
    }

    [Fact]
    public void A_run_of_text_is_written_as_one()
    {
        var events = Samples.Placed(TurnId.New(), 1, [.. Enumerable.Range(0, 1_024).Select(_ => new TextDelta(new string('x', 40)))]);
        Assert.InRange(_serializer.ToBinary(new AgentProtocol.Batch(events)).Length, 40 * 1_024, 44 * 1_024 + 200);
    }

    [Property]
    public Property Whatever_the_pieces_are_they_are_the_same_again() => Prop.ForAll(Pieces().ArrayOf().ToArbitrary(), events =>
        Same.Assert(events, ((AgentProtocol.Batch)Read(new AgentProtocol.Batch(events))).Events));

    [Fact]
    public async Task The_actor_system_writes_what_is_ours_and_refuses_what_nobody_registered()
    {
        await using var node = await Node.StartAsync(DurableAgentsOptions.InMemory());
        var serialization = ((ExtendedActorSystem)node.System).Serialization;
        Assert.All(Samples.All, sample => Assert.IsType<AgentSerializer>(serialization.FindSerializerFor(sample)));
        Assert.Throws<SerializationException>(() => serialization.FindSerializerFor(new Version(1, 2)));
        Assert.Contains("is off here", Assert.Throws<SerializationException>(() => serialization.Deserialize("{}"u8.ToArray(), 1, typeof(Version).AssemblyQualifiedName!)).Message, StringComparison.Ordinal);
        Assert.Throws<SerializationException>(() => new RejectingSerializer((ExtendedActorSystem)node.System).ToBinary(new Version(1, 2)));
        Assert.Equal(AgentSerializer.Id, serialization.FindSerializerForType(typeof(JournalBatch)).Identifier);
    }

    private sealed class OwnContent : AIContent;

    private object Read(object sample) => _serializer.FromBinary(_serializer.ToBinary(sample), _serializer.Manifest(sample));

    /// <summary>Text and reasoning of two turns and epochs, with gaps, line ends, and halves of surrogate pairs.</summary>
    private static Gen<TurnEvent> Pieces() =>
        from text in Gen.Elements("", "a", "Once upon", "\ud83d", "\ude00", "\ud83d\ude00", "\"\\\n\0", "ä€", "\ude00\ud83d")
        from reasons in Gen.Elements(false, false, true)
        from turn in Gen.Elements("turn", "turn", "turn", "other")
        from epoch in Gen.Choose(1, 2)
        from seq in Gen.Choose(1, 6)
        select Entries.Place<TurnEvent>(reasons ? new ReasoningDelta(text) : new TextDelta(text), new TurnId(turn), seq, epoch);
}
