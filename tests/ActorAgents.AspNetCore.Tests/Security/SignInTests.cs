using System.Net;
using System.Security.Claims;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore.Tests.Security;

/// <summary>Pages behind a key: a browser is signed in with a cookie.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private readonly List<ApiKey> _keys = [Key("chat", ActorAgentsScopes.Chat), Key("admin", ActorAgentsScopes.Admin)];
    private AgentServer _server = null!;

    public async Task InitializeAsync() => _server = await AgentServer.StartAsync(
        agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("assistant"),
        http => { foreach (var key in _keys) http.Keys.Add(key); },
        map: app =>
        {
            app.MapActorAgentsSignIn();
            app.MapGet("/page", (ClaimsPrincipal who) => who.Identity!.Name).RequireActorAgentsSignIn();
        });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_page_leads_to_the_form_and_a_key_leads_back_with_a_cookie_that_scripts_and_other_routes_do_not_get()
    {
        using var asked = await _server.SendAsync(HttpMethod.Get, "/page");
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?then=%2Fpage"), (asked.StatusCode, asked.Headers.Location!.PathAndQuery));

        using var entered = await EnterAsync("/sign-in?then=%2Fpage", "secret-chat");
        Assert.Equal((HttpStatusCode.Redirect, "/page"), (entered.StatusCode, entered.Headers.Location!.ToString()));
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);

        using var page = await _server.SendAsync(HttpMethod.Get, "/page", null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal("chat", await page.Content.ReadAsStringAsync());
        using var other = await _server.SendAsync(HttpMethod.Get, "/agents", null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Theory]
    [InlineData("secret-wrong", HttpStatusCode.Unauthorized, "not known here")]
    [InlineData("secret-admin", HttpStatusCode.Forbidden, "lacks the scope chat")]
    [InlineData("", HttpStatusCode.Unauthorized, "not known here")]
    public async Task A_key_that_does_not_open_pages_is_told_so(string secret, HttpStatusCode status, string words)
    {
        using var answer = await EnterAsync("/sign-in", secret);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("https://evil.example.com/")]
    [InlineData("//evil.example.com/")]
    [InlineData("/\\evil.example.com/")]
    [InlineData("page")]
    public async Task The_way_back_never_leads_elsewhere(string then)
    {
        using var answer = await EnterAsync($"/sign-in?then={Uri.EscapeDataString(then)}", "secret-chat");

        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        using var answer = await EnterAsync("/sign-in", "secret-chat", ("Origin", "https://evil.example.com"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public void A_cookie_holds_as_long_as_its_key_does()
    {
        var cookie = ApiKeyHandler.Principal(_keys[0], SignIn.SchemeName);

        Assert.True(SignIn.IsKnown(cookie, _keys));
        Assert.False(SignIn.IsKnown(cookie, _keys[1..]));
        Assert.False(SignIn.IsKnown(cookie, [new("chat", ApiKey.Hash("another"), [ActorAgentsScopes.Chat])]));
        Assert.False(SignIn.IsKnown(cookie, [new("chat", ApiKey.Hash("secret-chat"), [ActorAgentsScopes.Chat], "acme")]));
        Assert.False(SignIn.IsKnown(ApiKeyHandler.Principal(new("chat", ApiKey.Hash("secret-chat"), ActorAgentsScopes.All), SignIn.SchemeName), _keys));
    }

    private Task<HttpResponseMessage> EnterAsync(string path, string secret, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("key", secret)]) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _server.Client.SendAsync(request);
    }

    private static ApiKey Key(string name, string scope) => new(name, ApiKey.Hash($"secret-{name}"), [scope]);
}
