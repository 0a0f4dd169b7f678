using System.Text.Json.Nodes;

namespace ActorAgents.Cluster.ProcessTests.Reading;

public sealed class ConversationCheckTests
{
    private static readonly string[] Accepted = ["one", "two"];

    [Fact]
    public void A_whole_conversation_has_no_fault() =>
        Assert.Empty(ConversationCheck.Faults([User("one"), Assistant(Call("c1")), Tool(Result("c1")), User("two")], Accepted));

    [Fact]
    public void What_is_lost_doubled_or_dangling_is_told() => Assert.Equal(
        [
            "The call c1 has 2 results.", "The call c2 has 0 results.", "The result c3 is of no call.", "The input 'two' is lost.", "The input 'one' is there 2 times.",
        ],
        ConversationCheck.Faults([User("one"), User("one"), Assistant(Call("c1"), Call("c2")), Tool(Result("c1"), Result("c1"), Result("c3"))], Accepted));

    private static JsonNode User(string text) => Message("user", $$"""{"type":"text","text":"{{text}}"}""");

    private static JsonNode Assistant(params string[] parts) => Message("assistant", parts);

    private static JsonNode Tool(params string[] parts) => Message("tool", parts);

    private static string Call(string id) => $$"""{"type":"tool-call","callId":"{{id}}","tool":"clock"}""";

    private static string Result(string id) => $$"""{"type":"tool-result","callId":"{{id}}","result":"x"}""";

    private static JsonNode Message(string role, params string[] parts) => JsonNode.Parse($$"""{"role":"{{role}}","content":[{{string.Join(',', parts)}}]}""")!;
}
