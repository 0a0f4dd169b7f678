using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace ActorAgents.Pages;

/// <summary>
/// Markdown from a model as HTML that can do nothing but be read. HTML in it is text, images are links to them, and what comes out is cut down
/// to known elements and attributes all the same, so that a mistake in one of the two does no harm.
/// </summary>
internal static class SafeMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough).Build();

    private static readonly HtmlSanitizer Sanitizer = Strict();

    public static MarkupString Render(string markdown)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>()) link.IsImage = false;
        return new(Clean(document.ToHtml(Pipeline)));
    }

    /// <summary>The half that trusts nothing, to be tested alone.</summary>
    internal static string Clean(string html) => Sanitizer.Sanitize(html);

    private static HtmlSanitizer Strict()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(
                ["p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"],
                StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(["href", "start"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.PostProcessNode += static (_, e) => Harden(e.Node);
        return sanitizer;
    }

    private static void Harden(INode node)
    {
        if (node is not IElement { LocalName: "a" } link) return;
        // A relative link would lead to a page of this application, which the model has no business with.
        if (!Uri.TryCreate(link.GetAttribute("href"), UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https" or "mailto"))
            link.RemoveAttribute("href");
        link.SetAttribute("rel", "noopener noreferrer");
        link.SetAttribute("target", "_blank");
    }
}
