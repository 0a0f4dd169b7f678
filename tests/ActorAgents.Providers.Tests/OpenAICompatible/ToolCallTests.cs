using System.Text.RegularExpressions;
using ActorAgents.Providers.Tests.OpenAICompatible.Servers;
using Microsoft.Extensions.AI;
using static ActorAgents.Providers.Tests.OpenAICompatible.Servers.Wire;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

public sealed partial class ToolCallTests
{
    [Fact]
    public async Task Pieces_are_yielded_as_they_arrive_and_each_call_once_when_it_is_complete()
    {
        var read = await ReadAsync(
            """{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}""",
            """{"index":0,"function":{"arguments":"{\"city\":"}}""",
            """{"index":0,"function":{"arguments":"\"Rome\"}"}}""",
            """{"index":1,"id":"c2","type":"function","function":{"name":"g","arguments":""}}""");

        Assert.Equal("""
            piece 0 c1 f 
            piece 0 c1 f {"city":
            piece 0 c1 f "Rome"}
            call c1 f {"city":"Rome"}
            piece 1 c2 g 
            call c2 g {}
            finish tool_calls
            """, read);
    }

    [Fact]
    public async Task Calls_whose_pieces_alternate_are_kept_apart()
    {
        var read = await ReadAsync(
            """{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}},{"index":1,"id":"c2","function":{"name":"g","arguments":"{\"b\""}}""",
            """{"index":0,"function":{"arguments":":1}"}},{"index":1,"function":{"arguments":":2}"}}""");

        Assert.Equal(["call c1 f {\"a\":1}", "call c2 g {\"b\":2}"], Calls(read));
    }

    [Theory]
    [InlineData("whole calls, all with index 0",
        """{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}|{"index":0,"id":"c2","function":{"name":"f","arguments":"{\"a\":2}"}}""", """call c1 f {"a":1}|call c2 f {"a":2}""")]
    [InlineData("whole calls without index",
        """{"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","function":{"name":"f","arguments":"{\"a\":2}"}}""", """call c1 f {"a":1}|call c2 f {"a":2}""")]
    [InlineData("pieces without index, found by id",
        """{"id":"c1","function":{"name":"f","arguments":"{\"a\""}}|{"id":"c2","function":{"name":"g","arguments":"{\"b\""}}|{"id":"c1","function":{"arguments":":1}"}}|{"id":"c2","function":{"arguments":":2}"}}""", """call c1 f {"a":1}|call c2 g {"b":2}""")]
    [InlineData("pieces without index and id", """{"id":"c1","function":{"name":"f","arguments":"{\"a\""}}|{"function":{"arguments":":1}"}}""", """call c1 f {"a":1}""")]
    [InlineData("the id and the name again with every piece",
        """{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}|{"index":0,"id":"c1","function":{"name":"f","arguments":":1}"}}""", """call c1 f {"a":1}""")]
    [InlineData("a new id with every piece",
        """{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}|{"index":0,"id":"x9","function":{"arguments":":1}"}}""", """call c1 f {"a":1}""")]
    [InlineData("whole calls, all with index 0 and an empty id",
        """{"index":0,"id":"","function":{"name":"f","arguments":"{}"}}|{"index":0,"id":"","function":{"name":"g","arguments":"{\"b\":2}"}}|{"index":0,"id":"","function":{"name":"g","arguments":"{}"}}""", """call f {}|call g {"b":2}|call g {}""")]
    [InlineData("calls in pieces, all with index 0 and no id",
        """{"index":0,"function":{"name":"f","arguments":""}}|{"index":0,"function":{"arguments":"{\"a\":{}"}}|{"index":0,"function":{"arguments":"} "}}|{"index":0,"function":{"name":"g","arguments":""}}|{"index":0,"function":{"arguments":"{}"}}""", """call f {"a":{}}|call g {}""")]
    [InlineData("the name again with every piece, and no id",
        """{"index":0,"function":{"name":"f","arguments":""}}|{"index":0,"function":{"name":"f","arguments":"{\"a\":{}"}}|{"index":0,"function":{"name":"f","arguments":"}"}}""", """call f {"a":{}}""")]
    [InlineData("the id and the name again after the last piece",
        """{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}|{"index":0,"id":"c1","function":{"name":"f","arguments":""}}""", "call c1 f {}")]
    [InlineData("arguments as an object", """{"id":"c1","function":{"name":"f","arguments":{"a":1}}}""", """call c1 f {"a":1}""")]
    [InlineData("null where nothing is new", """{"index":0,"id":"c1","function":{"name":"f","arguments":null}}|{"index":0,"id":null,"function":{"name":null,"arguments":"{}"}}""", "call c1 f {}")]
    [InlineData("indexes that begin at 1 and skip", """{"index":1,"id":"c1","function":{"name":"f","arguments":"{}"}}|{"index":5,"id":"c2","function":{"name":"g","arguments":"{}"}}""", "call c1 f {}|call c2 g {}")]
    [InlineData("arguments that are no JSON", """{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}""", "call c1 f null unreadable")]
    public async Task Calls_of_peculiar_servers_are_understood(string what, string pieces, string calls)
    {
        var read = Calls(await ReadAsync(pieces.Split('|'))).Select(call => MadeUpId().Replace(call, ""));

        Assert.True(calls.Split('|').SequenceEqual(read), $"{what}: {string.Join('|', read)}");
    }

    [Fact]
    public async Task Calls_without_an_id_or_with_the_same_one_get_one_each_and_their_pieces_have_it_too()
    {
        var body = Delta("""
            "tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}},{"index":1,"id":"c","function":{"name":"g","arguments":"{}"}},{"index":2,"id":"c","function":{"name":"h","arguments":"{}"}}]
            """) + Finish("tool_calls") + Done;

        var contents = (await PiecewiseHandler.Client(body).ReadAsync().SoonAsync()).SelectMany(update => update.Contents).ToList();

        var ids = contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Contains("c", ids);
        Assert.Equal(ids, contents.OfType<ToolCallArgumentsContent>().Select(piece => piece.CallId));
    }

    [Fact]
    public async Task A_call_that_is_cut_is_not_closed()
    {
        var body = Delta("""
            "tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]
            """);
        var contents = new List<AIContent>();

        await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var update in PiecewiseHandler.Client(body).GetStreamingResponseAsync("Hello")) contents.AddRange(update.Contents);
        }).SoonAsync();

        Assert.IsType<ToolCallArgumentsContent>(Assert.Single(contents));
    }

    private static async Task<string> ReadAsync(params string[] pieces) => Transcript.Of(await PiecewiseHandler.Client(
        string.Concat(pieces.Select(piece => Delta($"\"tool_calls\":[{piece}]"))) + Finish("tool_calls") + Done).ReadAsync().SoonAsync());

    [GeneratedRegex("call_[0-9a-f]{32} ")]
    private static partial Regex MadeUpId();

    private static IEnumerable<string> Calls(string transcript) => transcript.Split('\n').Where(line => line.StartsWith("call ", StringComparison.Ordinal));
}
