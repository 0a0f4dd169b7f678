using Akka.TestKit;

namespace ActorAgents.Testing;

/// <summary>Ends of Akka.Streams graphs that do what the test says: demand, elements, completion, failure, cancellation, each by a call.</summary>
public static class StreamProbes
{
    /// <summary>A sink that asks for nothing by itself. Materialize <see cref="SinkProbe{T}.Sink"/> once.</summary>
    public static SinkProbe<T> Sink<T>(TestKitBase kit)
    {
        ArgumentNullException.ThrowIfNull(kit);
        return new(kit.CreateTestProbe());
    }

    /// <summary>A source that gives nothing by itself. Materialize <see cref="SourceProbe{T}.Source"/> once.</summary>
    public static SourceProbe<T> Source<T>(TestKitBase kit)
    {
        ArgumentNullException.ThrowIfNull(kit);
        return new(kit.CreateTestProbe());
    }
}
