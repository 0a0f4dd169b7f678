using System.Collections.Frozen;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

namespace ActorAgents.Cluster;

/// <summary>
/// Writes and reads what agents store and what they are told from other nodes, as JSON (<see cref="WireJson"/>). A manifest names one type in one version and is
/// never used for anything else: journals hold it.
/// </summary>
internal sealed class AgentSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Numbers to 100 are Akka's. Journals hold this one: it never changes.</summary>
    public const int Id = 1746;

    private static readonly (string Manifest, Type Type)[] All =
    [
        ("st1", typeof(AgentProtocol.StartTurn)),
        ("ta1", typeof(AgentProtocol.TurnAdmitted)),
        ("pu1", typeof(AgentProtocol.Pull)),
        ("ba1", typeof(AgentProtocol.Batch)),
        ("in1", typeof(AgentProtocol.Interrupt)),
        ("an1", typeof(AgentProtocol.Answer)),
        ("ao1", typeof(ApprovalOutcome)),
        ("gm1", typeof(AgentProtocol.GetMessages)),
        ("ms1", typeof(AgentProtocol.Messages)),
        ("gt1", typeof(AgentProtocol.GetTurns)),
        ("ts1", typeof(AgentProtocol.Turns)),
        ("ae1", typeof(AgentProtocol.AwaitEnd)),
        ("cl1", typeof(AgentProtocol.Clear)),
        ("rm1", typeof(AgentProtocol.Remove)),
        ("ri1", typeof(AgentProtocol.RemoveIf)),
        ("di1", typeof(AgentProtocol.Discard)),
        ("gp1", typeof(AgentProtocol.GetProvider)),
        ("pi1", typeof(ProviderInfo)),
        ("up1", typeof(AgentProtocol.UseProvider)),
        ("at1", typeof(AgentProtocol.AddTool)),
        ("rt1", typeof(AgentProtocol.RemoveTool)),
        ("re1", typeof(AgentProtocol.Refused)),
        ("bo1", typeof(bool)),
        ("b1", typeof(JournalBatch)),
        ("s1", typeof(AgentSnapshot)),
        ("f1", typeof(Forgotten)),
        ("aw1", typeof(AwakeChanged)),
        ("as1", typeof(AwakeAgents)),
        ("hs1", typeof(HaltStood)),
        ("hr1", typeof(HaltReleased)),
        ("hn1", typeof(HaltsSnapshot)),
        ("ha1", typeof(HaltProtocol.Stand)),
        ("hl1", typeof(HaltProtocol.Release)),
        ("hd1", typeof(HaltProtocol.Recorded)),
        ("hf1", typeof(HaltProtocol.Refused)),
        ("hg1", typeof(HaltProtocol.GetHalts)),
        ("ht1", typeof(HaltProtocol.Halts)),
        ("ho1", typeof(HaltProtocol.Obeyed)),
        ("hh1", typeof(HaltProtocol.GetHistory)),
        ("hy1", typeof(HaltProtocol.History)),
        ("nl1", typeof(NodeLeaves)),
        ("gs1", typeof(GetStatus)),
        ("rs1", typeof(RuntimeStatus)),
    ];

    private static readonly FrozenDictionary<Type, string> Manifests = All.ToFrozenDictionary(known => known.Type, known => known.Manifest);
    private static readonly FrozenDictionary<string, Type> TypesByManifest = All.ToFrozenDictionary(known => known.Manifest, known => known.Type);

    /// <summary>The types it writes.</summary>
    public static IReadOnlyList<Type> Types => Manifests.Keys;

    public override int Identifier => Id;

    public override string Manifest(object message) => Manifests.GetValueOrDefault(message.GetType())
        ?? throw new SerializationException($"A {message.GetType().Name} is neither stored nor sent to another node.");

    /// <exception cref="SerializationException">It holds what cannot be written, such as the code of a tool.</exception>
    public override byte[] ToBinary(object message)
    {
        if (!Manifests.ContainsKey(message.GetType())) throw new SerializationException($"A {message.GetType().Name} is neither stored nor sent to another node.");
        try { return JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Options.GetTypeInfo(message.GetType())); }
        catch (Exception failure) when (failure is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new SerializationException($"A {message.GetType().Name} cannot be written: {failure.Message}", failure);
        }
    }

    /// <exception cref="SerializationException">The manifest is not known, or the bytes are not what it says.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!TypesByManifest.TryGetValue(manifest, out var type))
            throw new SerializationException($"What is called '{manifest}' is not known here: a newer version of ActorAgents wrote it. Bring this node to that version.");
        try { return JsonSerializer.Deserialize(bytes, WireJson.Options.GetTypeInfo(type))!; }
        catch (Exception failure) when (failure is NotSupportedException or JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new SerializationException($"A {type.Name} ('{manifest}') cannot be read: {failure.Message}", failure);
        }
    }
}
