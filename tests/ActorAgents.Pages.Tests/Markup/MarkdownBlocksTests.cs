namespace ActorAgents.Pages.Tests;

public sealed class MarkdownBlocksTests
{
    private const string Answer =
        "# Title\n\nOne\nparagraph.\n\n1. one\n\n   still one\n\n2. two\n\n```csharp\nvar a = 1;\n\n# no heading\n```\n\n| a |\n|---|\n| b |\n\n> quote\n\n- x\n- y\n\n~~~\n```\n\n~~~\n\nThe end.";

    public static TheoryData<int> Sizes => [1, 2, 3, 7, 50, 1000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Show_the_same_however_the_text_is_cut(int size)
    {
        var blocks = Grow(Answer, size);

        Assert.Equal(Lines(SafeMarkdown.Render(Answer).Value), Lines(string.Concat(blocks.Settled.Append(blocks.Tail).Select(b => b.Value))));
    }

    [Fact]
    public void Settle_when_the_next_block_begins()
    {
        var blocks = Grow("one\n\ntwo", 1);
        Assert.Empty(blocks.Settled);

        blocks.Append("\n");
        Assert.Equal("<p>one</p>", Assert.Single(blocks.Settled).Value.Trim());
        Assert.Equal("two\n".Length, blocks.TailLength);
    }

    [Fact]
    public void Keep_the_items_of_a_list_together() => Assert.Empty(Grow("1. one\n\n2. two\n\n3. three\n", 4).Settled);

    [Fact]
    public void Keep_a_fence_together_until_it_is_closed() => Assert.Empty(Grow("```\na\n\nb\n\n~~~\n\nc\n", 4).Settled);

    [Fact]
    public void Render_a_settled_block_once()
    {
        var blocks = Grow("one\n\ntwo\n", 3);
        var settled = blocks.Settled[0].Value;

        blocks.Append("\n\nthree\n");

        Assert.Same(settled, blocks.Settled[0].Value);
    }

    [Fact]
    public void Leave_little_to_be_rendered_again_of_a_long_answer() =>
        Assert.InRange(Grow(string.Concat(Enumerable.Repeat("A paragraph.\n\n", 5000)), 100).TailLength, 0, 100);

    private static MarkdownBlocks Grow(string text, int size)
    {
        var blocks = new MarkdownBlocks();
        foreach (var piece in text.Chunk(size)) blocks.Append(new string(piece));
        return blocks;
    }

    private static string[] Lines(string html) => html.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
