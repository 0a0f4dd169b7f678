using System.Diagnostics;

namespace ActorAgents;

/// <summary>
/// Marks the places between two racing steps. Nothing in a normal build; the race tests build the sources with <c>CHAOS</c> defined, so that
/// threads lose their turn there at random and rare interleavings become common.
/// </summary>
internal static class Chaos
{
    [Conditional("CHAOS")]
    public static void Point()
    {
        switch (Random.Shared.Next(8))
        {
            case 0: Thread.Yield(); break;
            case 1: Thread.SpinWait(Random.Shared.Next(200)); break;
        }
    }
}
