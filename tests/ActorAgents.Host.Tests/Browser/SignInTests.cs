using ActorAgents.AspNetCore;

namespace ActorAgents.Host.Tests.Browser;

/// <summary>The pages of a server with keys.</summary>
public sealed class SignInTests : BrowserTest
{
    private const string SignedIn = "actoragents";

    [BrowserFact]
    public async Task A_key_for_chats_opens_the_chat_until_its_owner_signs_out()
    {
        var key = ApiKey.NewSecret();
        Configuration.Write("appsettings.json", $$"""
            { "ActorAgents": { "DefaultKind": "assistant", "Providers": { "default": { "Kind": "embedded" } },
              "Keys": { "ann": { "Hash": "{{ApiKey.Hash(key)}}", "Scopes": [ "chat" ] } } } }
            """);
        await StartAsync();

        var visit = await Visit.PlayAsync<Visitor>("signIn", Address, new { key });

        var seen = visit.Seen;
        Assert.Equal([Address], visit.Origins);
        Assert.All(visit.Complaints, complaint => Assert.Contains("401", complaint)); // The wrong key's answer.
        Assert.Equal(("/sign-in", "This key is not known here."), (seen.Asked, seen.Refused));
        Assert.DoesNotContain(SignedIn, seen.CookiesBefore);
        Assert.Equal(("/", "welcome"), (seen.Back, seen.Text));
        Assert.All(seen.Cookies, cookie => Assert.Equal((true, false), (cookie.HttpOnly, cookie.Tells)));
        Assert.Equal("Lax", seen.Cookies.Single(cookie => cookie.Name == SignedIn).SameSite);
        Assert.DoesNotContain(SignedIn, seen.CookiesAfter);
        Assert.Equal("/sign-in", seen.After);
        Assert.False(seen.Wide, "On a phone the bar has no room for all that is in it.");
    }

    private sealed record Visitor(string Asked, string Refused, IReadOnlyList<string> CookiesBefore, string Back, IReadOnlyList<Cookie> Cookies, string Text, IReadOnlyList<string> CookiesAfter, string After, bool Wide);

    private sealed record Cookie(string Name, bool HttpOnly, string SameSite, bool Tells);
}
