using System.Globalization;
using System.Text;

namespace ActorAgents.Host.Chat.Views;

/// <summary>The lines both views have for what is neither text nor tool.</summary>
internal static class EventLines
{
    public static string Content(ContentAdded e) => e switch
    {
        { Uri: { } uri } => $"[{Printable.Line(e.MediaType, 60)}: {Printable.Line(uri.ToString(), 200)}]",
        { MediaType: "text/plain" } => Printable.Text(Encoding.UTF8.GetString(e.Data.Span)),
        _ => $"[{Printable.Line(e.MediaType, 60)}: {e.Data.Length} bytes]",
    };

    public static string Retry(Retrying e) =>
        string.Create(CultureInfo.InvariantCulture, $"The provider failed: {Printable.Line(e.Error.Message, 200)} Trying again in {e.Delay.TotalSeconds:0.##} s (attempt {e.Attempt}).");

    public const string Withdrawn = "What was written so far is withdrawn; what follows takes its place.";
}
