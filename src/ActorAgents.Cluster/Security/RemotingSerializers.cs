using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace ActorAgents.Cluster;

// What Akka says to itself between nodes, without the parts that make objects of types that a message names: exceptions and remotely deployed actors. Nothing
// here uses those; whoever connects could.

/// <summary>Akka's serializer of small messages without <see cref="Status.Failure"/>, whose exception may be any class with a constructor for deserialization.</summary>
internal sealed class GuardedMiscSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly MiscMessageSerializer _akka = new(system);
    private readonly string _failure = new MiscMessageSerializer(system).Manifest(new Status.Failure(new NotSupportedException()));

    public override int Identifier => 16;

    public override string Manifest(object o) => _akka.Manifest(o);

    public override byte[] ToBinary(object obj) => obj is Status.Failure
        ? throw new SerializationException("An exception is not sent to another node: answer with a message that says what went wrong.")
        : _akka.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest) => manifest == _failure
        ? throw new SerializationException("Another node sent an exception, which is not read.")
        : _akka.FromBinary(bytes, manifest);
}

/// <summary>Akka's serializer of system messages, of those that watch actors. The others belong to remotely deployed ones.</summary>
internal sealed class GuardedSystemMessageSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private readonly SystemMessageSerializer _akka = new(system);

    public override int Identifier => 22;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => Watches(obj.GetType())
        ? _akka.ToBinary(obj)
        : throw new SerializationException($"A {obj.GetType().Name} is not sent to another node: actors are not deployed there.");

    public override object FromBinary(byte[] bytes, Type type) => Watches(type)
        ? _akka.FromBinary(bytes, type)
        : throw new SerializationException($"Another node sent a {type?.Name}, which is not read: it has no say over actors here.");

    private static bool Watches(Type? type) => type == typeof(Watch) || type == typeof(Unwatch) || type == typeof(DeathWatchNotification);
}

/// <summary>Refuses to start actors that another node describes.</summary>
internal sealed class RejectedDeploymentSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 3;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new SerializationException("Actors are not deployed on other nodes.");

    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException("Another node described an actor to start here, which is not done.");
}
