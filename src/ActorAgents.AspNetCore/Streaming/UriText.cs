namespace ActorAgents.AspNetCore;

internal static class UriText
{
    /// <summary>As clients can use it. <see cref="Uri.ToString"/> is for people: it unescapes, so that another place may be named.</summary>
    public static string Escaped(this Uri uri) => uri.IsAbsoluteUri ? uri.AbsoluteUri : uri.OriginalString;
}
