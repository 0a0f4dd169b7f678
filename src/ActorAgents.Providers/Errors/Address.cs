namespace ActorAgents.Providers;

internal static class Address
{
    /// <summary>The address without what may be secret in it: a user's name and password, and the query.</summary>
    public static string Plain(Uri address) => address.IsAbsoluteUri && address.Scheme is "http" or "https"
        ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Plain(address.OriginalString);

    /// <summary>The same of a text that is no address of the web, so that nobody can say which part of it is which.</summary>
    public static string Plain(string text)
    {
        var path = text.Split('?', '#')[0];
        return path[(path.LastIndexOf('@') + 1)..];
    }

    /// <summary>What to say of a response that points elsewhere; null of any other. It is not followed: headers with keys, and the conversation, would go there too.</summary>
    public static string? Redirection(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } target && response.RequestMessage?.RequestUri is { } asked && Uri.TryCreate(asked, target, out var elsewhere)
            ? $"{asked.Authority} answered {(int)response.StatusCode}: it redirects to {Plain(elsewhere)}, which is not followed. If that is right, set the Endpoint to it."
            : null;
}
