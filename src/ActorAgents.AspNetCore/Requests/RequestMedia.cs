using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Images and files that a request brings or names.</summary>
internal static class RequestMedia
{
    private const string MediaType = "a media type, such as image/png";

    /// <summary>What a member's URL holds, or names.</summary>
    /// <param name="mediaType">For a URL that does not say; a data URL does.</param>
    /// <param name="typeMember">Where the media type came from.</param>
    /// <exception cref="HttpErrorException">It is none of http, https and data, or its data is malformed.</exception>
    public static AIContent At(RequestObject part, string member, string mediaType, string typeMember = "mediaType")
    {
        var url = part.RequiredText(member);
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return Data(part, member, url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) throw part.Wrong(member, "an http, https or data URL");
        try { return new UriContent(uri, mediaType); }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { throw part.Wrong(typeMember, MediaType); }
    }

    /// <exception cref="HttpErrorException">The part's <c>mediaType</c> is none.</exception>
    public static DataContent Bytes(RequestObject part, byte[] bytes, string mediaType, string? name)
    {
        try { return new DataContent(bytes, mediaType) { Name = name }; }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { throw part.Wrong("mediaType", MediaType); }
    }

    /// <param name="member">Where it came from.</param>
    /// <exception cref="HttpErrorException">The data is malformed.</exception>
    public static DataContent Data(RequestObject part, string member, string uri)
    {
        try { return new DataContent(uri); }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { throw part.Wrong(member, "base64 data with its media type"); }
    }
}
