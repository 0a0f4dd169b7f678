using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers.Tests.Mcp;

public sealed class McpUnitTests
{
    [Theory]
    [InlineData("files", "read_file", "files_read_file")]
    [InlineData("", "read_file", "read_file")]
    [InlineData("db", "admin.tools/list", "db_admin_tools_list")]
    [InlineData("db", "größe", "db_gr__e")]
    public void A_tool_is_named_after_its_server_in_characters_that_models_take(string prefix, string tool, string expected) => Assert.Equal([expected], Names(prefix, tool));

    [Fact]
    public void A_long_name_is_cut_and_marked_so_that_it_stays_unique_and_the_same()
    {
        var names = Names("files", new string('a', 80) + "1", new string('a', 80) + "2", new string('b', 58));

        Assert.All(names, name => Assert.Equal(64, name.Length));
        Assert.Equal(3, names.Distinct().Count());
        Assert.Matches("^files_a{49}_[0-9a-f]{8}$", names[0]);
        Assert.Equal(names, Names("files", new string('a', 80) + "1", new string('a', 80) + "2", new string('b', 58)));
    }

    [Fact]
    public void Names_that_only_differ_in_what_models_refuse_are_told_apart_whatever_their_order()
    {
        Assert.Equal("x_a_b", Names("x", "a.b", "a_b")[1]);
        Assert.Equal(Names("x", "a.b", "a_b")[0], Names("x", "a_b", "a.b")[1]);
        Assert.Matches("^x_a_b_[0-9a-f]{8}$", Names("x", "a.b", "a_b")[0]);
        Assert.Equal(3, Names("x", "a.b", "a_b", "a/b").Distinct().Count());
    }

    [Fact]
    public void A_tool_that_is_listed_twice_is_offered_once() => Assert.Equal(["x_a", "x_b"], Names("x", "a", "a", "b"));

    [Fact]
    public void Waits_double_up_to_a_minute_and_are_shortened_by_half_at_most()
    {
        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 9).Select(failures => McpBackoff.After(failures, random: 0).TotalSeconds));
        Assert.Equal(30, McpBackoff.After(int.MaxValue, random: 1).TotalSeconds);
    }

    [Fact]
    public void Structured_content_counts_where_there_is_no_other()
    {
        var structured = JsonSerializer.SerializeToElement(new { a = 1 });

        Assert.Equal("text", McpResults.Of(new() { Content = [new TextContentBlock { Text = "text" }], StructuredContent = structured }));
        Assert.Equal("""{"a":1}""", McpResults.Of(new() { StructuredContent = structured })?.ToString());
        Assert.Null(McpResults.Of(new()));
    }

    [Fact]
    public void Resources_are_their_text_and_what_is_not_text_is_a_content()
    {
        var text = new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a", Text = "inside" } };
        var bytes = new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(new byte[] { 1, 2 }, "file:///b", "image/gif") };

        Assert.Equal("inside\nb: file:///b", McpResults.Of(new() { Content = [text, new ResourceLinkBlock { Name = "b", Uri = "file:///b" }] }));
        var contents = Assert.IsAssignableFrom<IReadOnlyList<AIContent>>(McpResults.Of(new() { Content = [text, bytes] }));
        Assert.Equal("image/gif", Assert.IsType<DataContent>(contents[1]).MediaType);
        Assert.Equal("Error: inside\n[not text]", McpResults.Of(new() { IsError = true, Content = [text, bytes] }));
    }

    public static TheoryData<McpServerOptions, string> Wrong => new()
    {
        { new() { Name = "my files", Command = "x" }, "The MCP server 'my files': Name must be 1 to 32 letters, digits, '_' or '-'." },
        { new() { Name = new('a', 33), Command = "x" }, "Name must be 1 to 32" },
        { new() { Name = "a", Command = "x", Prefix = "ü" }, "Prefix must be empty or up to 32" },
        { new() { Name = "a" }, "Command and Url exclude each other, and one of them must be given." },
        { new() { Name = "a", Command = "x", Url = new("http://localhost") }, "Command and Url exclude each other" },
        { new() { Name = "a", Url = new("ftp://localhost") }, "Url must be an absolute http or https address." },
        { new() { Name = "a", Url = new("/mcp", UriKind.Relative) }, "Url must be an absolute http or https address." },
        { new() { Name = "a", Command = "x", StartTimeout = TimeSpan.Zero }, "StartTimeout must be above 0" },
        { new() { Name = "a", Command = "x", CallTimeout = TimeSpan.FromDays(2) }, "CallTimeout must be above 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named(McpServerOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new McpToolSource(options)).Message);

    private static string[] Names(string prefix, params string[] tools) => [.. McpToolNames.For(prefix, tools, tool => tool).Select(pair => pair.Name)];
}
