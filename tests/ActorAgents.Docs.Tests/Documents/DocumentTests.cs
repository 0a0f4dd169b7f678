using System.Text.RegularExpressions;

namespace ActorAgents.Docs.Tests.Documents;

public sealed partial class DocumentTests
{
    private static readonly Snippet[] Regions = [.. Repository.SnippetFiles.SelectMany(file => Snippet.RegionsOf(file, Repository.Lines(file)))];

    public static TheoryData<string> Documents => new(Repository.Documents);

    [Theory, MemberData(nameof(Documents))]
    public void Every_block_of_code_in_a_document_is_the_code_of_a_snippet_that_runs(string document)
    {
        var strangers = Snippet.BlocksOf(document, Repository.Lines(document)).Where(block => !Regions.Any(block.Says)).Select(block =>
        {
            var nearest = block.NearestOf(Regions);
            return $"{document}, line {block.Line}: the block is not the code of any region. The nearest is '{nearest.Name}' ({nearest.Path}, line {nearest.Line}): {block.DifferenceFrom(nearest)}.";
        });

        None(strangers);
    }

    [Fact]
    public void Every_snippet_is_shown_in_a_document()
    {
        var blocks = Repository.Documents.SelectMany(document => Snippet.BlocksOf(document, Repository.Lines(document))).ToArray();
        var unseen = Regions.Where(region => !blocks.Any(region.Says)).Select(region => $"{region.Path}, line {region.Line}: region '{region.Name}' is in no document.");

        None(unseen);
    }

    [Theory, MemberData(nameof(Documents))]
    public void Every_relative_link_of_a_document_leads_to_a_file(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var broken = Repository.Lines(document).SelectMany((line, at) => Link().Matches(line).Select(link => (Target: link.Groups["target"].Value, Line: at + 1)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, link.Target)))
            .Select(link => $"{document}, line {link.Line}: there is no {link.Target}.");

        None(broken);
    }

    [Fact]
    public void A_block_that_drifted_from_its_region_is_named_with_document_line_and_region()
    {
        var block = Snippet.BlocksOf("doc.md", ["# Title", "```csharp", "var a = 1;", "var b = 3;", "```"]).Single();
        var region = Snippet.RegionsOf("code.cs", ["class C", "    #region both", "        var a = 1;", "        var b = 2;", "    #endregion"]).Single();

        Assert.False(block.Says(region));
        Assert.Same(region, block.NearestOf([region]));
        Assert.Equal("at line 4 the document has 'var b = 3;' where the code has 'var b = 2;'", block.DifferenceFrom(region));
    }

    [Fact]
    public void Regions_of_one_name_are_one_snippet_without_their_indentation()
    {
        var region = Snippet.RegionsOf("code.cs", ["#region x", "using A;", "", "#endregion", "class C {", "  #region x", "    if (b)", "      c();", "  #endregion", "}"]).Single();

        Assert.Equal(["using A;", "", "if (b)", "  c();"], region.Lines);
    }

    // In full: an assertion on equality would cut the sentences.
    private static void None(IEnumerable<string> complaints)
    {
        if (string.Join("\n", complaints) is { Length: > 0 } all) Assert.Fail(all);
    }

    // A link in text, not an anchor on the same page.
    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
