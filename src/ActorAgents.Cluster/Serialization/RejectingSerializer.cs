using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorAgents.Cluster;

/// <summary>
/// Stands in the place of Akka's serializer over Newtonsoft.Json, under its number, and refuses everything: that one makes objects of whatever types a message or
/// a row of a journal names.
/// </summary>
internal sealed class RejectingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    // Akka calls this one where the serializer has settings, which the one that it replaces has.
    public RejectingSerializer(ExtendedActorSystem system, Config settings) : this(system) => _ = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => throw new SerializationException(
        $"{obj.GetType().FullName} has no serializer: bind one in akka.actor.serialization-bindings, or mark it as {nameof(INoSerializationVerificationNeeded)} where it stays in its process.");

    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException(
        $"A message was written by Akka's JSON serializer (number 1), which is off here. Bind a serializer to {type?.FullName ?? "its type"} where it is written.");
}
