using System.Net;
using ActorAgents.AspNetCore.Tests.Requests;

namespace ActorAgents.AspNetCore.Tests.Security;

/// <summary>Who may call a server that has no keys, and which pages may.</summary>
public sealed class SiteTests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly AgentServer _server = open.Server;

    [Theory]
    [InlineData("Host", "evil.example.com", "host_not_allowed")]
    [InlineData("Host", "localhost.evil.example.com", "host_not_allowed")]
    [InlineData("Host", "10.0.0.1", "host_not_allowed")]
    [InlineData("X-Forwarded-For", "10.0.0.1", "keys_required")]
    [InlineData("Forwarded", "for=10.0.0.1", "keys_required")]
    [InlineData("Via", "1.1 proxy", "keys_required")]
    [InlineData("Origin", "https://evil.example.com", "origin_not_allowed")]
    [InlineData("Origin", "http://127.0.0.1:1", "origin_not_allowed")]
    [InlineData("Origin", "null", "origin_not_allowed")]
    [InlineData("Sec-Fetch-Site", "cross-site", "origin_not_allowed")]
    [InlineData("Sec-Fetch-Site", "same-site", "origin_not_allowed")]
    public async Task Every_route_refuses_what_comes_by(string header, string value, string code)
    {
        foreach (var (method, _, path) in WireRoutes.Of(_server))
        {
            using var response = await _server.SendAsync(new(method ?? "PUT"), path, null, (header, value));
            var error = await WireRoutes.RefusedAsync(path, response, HttpStatusCode.Forbidden);
            Assert.Equal(code, error.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_link_on_another_site_does_not_run_a_turn()
    {
        using var response = await _server.SendAsync(HttpMethod.Get, "/chat?prompt=hello", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));

        await WireRoutes.RefusedAsync("/chat", response, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("GET", "navigate", true, false)]
    [InlineData("GET", "navigate", false, true)]
    [InlineData("GET", "no-cors", true, true)]
    [InlineData("POST", "navigate", true, true)]
    public void A_link_on_another_site_leads_to_pages_alone_and_never_posts(string method, string mode, bool isPage, bool refused)
    {
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestServices = _server.Services };
        (http.Request.Method, http.Request.Host) = (method, new("localhost"));
        (http.Request.Headers["Sec-Fetch-Site"], http.Request.Headers["Sec-Fetch-Mode"]) = ("cross-site", mode);

        Assert.Equal(refused, AccessGuard.Refusal(http, links: isPage) is not null);
    }

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "LOCALHOST:8080")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("Host", "[::1]:8080")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task A_local_name_and_a_page_of_its_own_are_answered(string header, string value)
    {
        using var response = await _server.SendAsync(HttpMethod.Get, "/agents", null, (header, value));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_the_servers_own_origin_and_of_an_allowed_one_are_answered()
    {
        await using var server = await AgentServer.StartAsync(new Testing.ScriptedProvider(), http => http.AllowedOrigins.Add("https://app.example.com"));
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        foreach (var (origin, status) in new[] { (own, HttpStatusCode.OK), ("https://APP.example.com", HttpStatusCode.OK), ("https://app.example.com.evil.org", HttpStatusCode.Forbidden), ("http://app.example.com", HttpStatusCode.Forbidden) })
        {
            using var response = await server.SendAsync(HttpMethod.Get, "/agents", null, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal((origin, status), (origin, response.StatusCode));
        }
    }

    [Fact]
    public void Options_that_cannot_be_are_refused_when_the_endpoints_are_mapped()
    {
        var key = new ApiKey("ann", ApiKey.Hash("s"), [ActorAgentsScopes.Chat]);
        foreach (var (change, name) in new (Action<ActorAgentsHttpOptions>, string)[]
        {
            (o => o.KeepAlive = TimeSpan.Zero, "KeepAlive"), (o => o.KeepContexts = TimeSpan.Zero, "KeepContexts"), (o => o.MaxRequestBytes = 0, "MaxRequestBytes"), (o => o.MaxResponseAgents = 0, "MaxResponseAgents"), (o => o.PerKey = new(-1, 1), "PerKey"), (o => o.PerTenant = new(1, -1), "PerTenant"),
            (o => o.AllowedOrigins.Add("https://app.example.com/"), "AllowedOrigins"), (o => o.AllowedOrigins.Add("*"), "AllowedOrigins"),
            (o => { o.Keys.Add(key); o.Keys.Add(new("ann", ApiKey.Hash("t"), key.Scopes)); }, "'ann'"), (o => { o.Keys.Add(key); o.Keys.Add(new("bob", ApiKey.Hash("s"), key.Scopes)); }, "'bob'"),
            (o => { o.Keys.Add(key); o.AuthenticationScheme = "Own"; }, "AuthenticationScheme"),
        })
        {
            var options = new ActorAgentsHttpOptions();
            change(options);
            Assert.Contains(name, Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => OptionsCheck.Checked(options)).Message);
        }
        Assert.NotNull(OptionsCheck.Checked(new() { KeepAlive = Timeout.InfiniteTimeSpan, AllowedOrigins = { "https://app.example.com:8443" }, Keys = { key } }));
    }
}
