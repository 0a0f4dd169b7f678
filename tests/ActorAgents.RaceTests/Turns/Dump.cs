using System.Reflection;

namespace ActorAgents.RaceTests;

/// <summary>The inner state of turns that the node still knows, for the message of a failed test.</summary>
internal static class Dump
{
    private static readonly string[] OfTurn = ["_owner", "_signalled", "_end"];
    private static readonly string[] OfLoop = ["_phase", "_fate", "_entered", "_afterStep", "_seq", "_rounds", "_calls", "_attempt", "_step", "_round"];

    public static string Of(AgentNode node, TurnId id) => Of(node, turn => turn.Id == id, $"The node does not know turn {id}.");

    public static string Of(AgentNode node) => Of(node, _ => true, "The node knows no turn.");

    private static string Of(AgentNode node, Func<Turn, bool> which, string none)
    {
        var found = Known(node.Live).Where(which).Take(5).Select(turn => $"{turn.Id}: {Fields(turn, OfTurn)}, {Fields(turn.Loop, OfLoop)}").ToList();
        return found.Count == 0 ? none : string.Join("; ", found);
    }

    private static IEnumerable<Turn> Known(LiveTurns live)
    {
        foreach (var stripe in (Array)Field(live, "_stripes")!)
            for (var turn = (Turn?)Field(stripe!, "First"); turn is not null; turn = turn.Next) yield return turn;
    }

    private static string Fields(object of, string[] names) => string.Join(", ", names.Select(name => $"{name} {Field(of, name) ?? "null"}"));

    private static object? Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(of);
}
