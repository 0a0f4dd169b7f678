using System.Text.Json.Nodes;

namespace ActorAgents.Cluster.ProcessTests.Reading;

/// <summary>What must hold of a conversation whatever happened to the processes.</summary>
internal static class ConversationCheck
{
    /// <param name="accepted">The inputs that were taken, in order.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public static IReadOnlyList<string> Faults(IReadOnlyList<JsonNode> messages, IReadOnlyList<string> accepted)
    {
        var parts = messages.SelectMany(message => message["content"]!.AsArray(), (message, part) => (Role: Text(message, "role"), Part: part!)).ToList();
        var calls = parts.Where(part => Text(part.Part, "type") == "tool-call").Select(part => Text(part.Part, "callId")).ToList();
        var results = parts.Where(part => Text(part.Part, "type") == "tool-result").Select(part => Text(part.Part, "callId")).ToList();
        var inputs = messages.Where(message => Text(message, "role") == "user").Select(Said).ToList();
        return
        [
            .. calls.Where(call => results.Count(result => result == call) != calls.Count(other => other == call)).Distinct().Select(call => $"The call {call} has {results.Count(result => result == call)} results."),
            .. results.Except(calls).Select(result => $"The result {result} is of no call."),
            .. accepted.Where(input => !inputs.Contains(input)).Select(input => $"The input '{input}' is lost."),
            .. inputs.GroupBy(input => input).Where(same => same.Count() > accepted.Count(input => input == same.Key)).Select(same => $"The input '{same.Key}' is there {same.Count()} times."),
        ];
    }

    private static string Said(JsonNode message) => string.Concat(message["content"]!.AsArray().Select(part => part!["text"]?.GetValue<string>()));

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();
}
