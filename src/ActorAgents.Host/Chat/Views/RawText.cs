using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorAgents.Host.Chat.Views;

/// <summary>Text that is written as it is: no markup is read in it, and only the terminal wraps it, since a piece does not know where its line began.</summary>
internal sealed class RawText(string text, Style style) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text, style)];
}
