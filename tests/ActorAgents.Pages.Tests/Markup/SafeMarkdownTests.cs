using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace ActorAgents.Pages.Tests;

public sealed class SafeMarkdownTests
{
    private static readonly string[] Harmless =
        ["P", "BR", "HR", "H1", "H2", "H3", "H4", "H5", "H6", "STRONG", "EM", "DEL", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "LI", "A", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD"];

    private static readonly string[] KnownAttributes = ["href", "start", "rel", "target"];

    public static TheoryData<string> Hostile =>
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><circle/></svg>",
        "<svg><script>alert(1)</script></svg>", "<iframe src=\"https://evil.example\"></iframe>", "<object data=x></object><embed src=x>",
        "<style>body{background:url(https://evil.example)}</style>", "<link rel=stylesheet href=https://evil.example/x.css>", "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "<form action=https://evil.example><input name=a></form>", "<p style=\"background:url(//evil.example)\">x</p>",
        "<a href=\"javascript:alert(1)\">x</a>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))",
        "[x](\u0001javascript:alert(1))", "[x](vbscript:msgbox(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](file:///etc/passwd)", "[x](blob:https://a/b)",
        "[x][1]\n\n[1]: javascript:alert(1)", "<javascript:alert(1)>", "![x](https://evil.example/track.png)", "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "![x](javascript:alert(1))", "![a][b]\n\n[b]: https://evil.example/x.png", "[![x](https://evil.example/x.png)](javascript:alert(1))",
        "<div><p>never closed <b><i>", "<<script>script>alert(1)<</script>/script>", "<img src=\"x\" onerror=\"alert(1)\"", "<!--<img src=x onerror=alert(1)>-->",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "```html\n<script>alert(1)</script>\n```",
        "`<script>alert(1)</script>`", "[x](https://a.example \"\\\" onmouseover=alert(1) \\\"\")", "[x](https://a.example/\"onmouseover=alert(1))",
        "```\" onmouseover=\"alert(1)\ncode\n```", "| <script>a</script> |\n|---|\n| <img src=x onerror=a> |", "\0<script>alert(1)</script>", "[x](//evil.example)", "[x](/dashboard)",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Lets_nothing_through_that_does_anything(string markdown) => IsHarmless(Parse(markdown));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Would_let_nothing_through_if_it_were_html(string html) => IsHarmless(new HtmlParser().ParseDocument(SafeMarkdown.Clean(html)).Body!);

    private static void IsHarmless(IElement body) => Assert.All(body.QuerySelectorAll("*"), element =>
    {
        Assert.Contains(element.TagName, Harmless);
        Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, KnownAttributes));
        if (element.GetAttribute("href") is { } href) Assert.Matches("^(https?://|mailto:)", href);
    });

    [Theory]
    [InlineData("[x](https://a.example/b)", "https://a.example/b")]
    [InlineData("https://a.example/b", "https://a.example/b")]
    [InlineData("[x](mailto:a@b.example)", "mailto:a@b.example")]
    [InlineData("![x](https://a.example/b.png)", "https://a.example/b.png")]
    public void Opens_links_elsewhere_without_telling_where_they_come_from(string markdown, string href)
    {
        var link = Parse(markdown).QuerySelector("a")!;

        Assert.Equal((href, "noopener noreferrer", "_blank"), (link.GetAttribute("href"), link.GetAttribute("rel"), link.GetAttribute("target")));
    }

    [Theory]
    [InlineData("[x](/dashboard)")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](data:text/html,x)")]
    public void Leaves_the_text_of_a_link_that_leads_nowhere_good(string markdown)
    {
        var body = Parse(markdown);

        Assert.Empty(body.QuerySelectorAll("[href]"));
        Assert.Contains("x", body.TextContent);
    }

    [Fact]
    public void Shows_html_as_the_text_that_it_is() =>
        Assert.Equal("<script>alert(1)</script>", Parse("<script>alert(1)</script>").TextContent.Trim());

    [Theory]
    [InlineData("**b** and *e* and ~~d~~", "strong em del")]
    [InlineData("# h", "h1")]
    [InlineData("- a\n- b", "ul li")]
    [InlineData("| a |\n|---|\n| b |", "table th td")]
    [InlineData("```\ncode\n```", "pre code")]
    [InlineData("> q", "blockquote")]
    public void Keeps_what_markdown_is_for(string markdown, string tags) =>
        Assert.All(tags.Split(' '), tag => Assert.NotNull(Parse(markdown).QuerySelector(tag)));

    [Fact]
    public void Goes_on_counting_where_a_list_says_so() => Assert.Equal("3", Parse("3. x").QuerySelector("ol")!.GetAttribute("start"));

    private static IElement Parse(string markdown) => new HtmlParser().ParseDocument(SafeMarkdown.Render(markdown).Value).Body!;
}
