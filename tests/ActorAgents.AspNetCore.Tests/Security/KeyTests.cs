using System.Net;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Security;

public sealed class KeyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer nobody")]
    [InlineData("Bearer secret-chat2")]
    [InlineData("Bearer SECRET-CHAT")]
    [InlineData("Basic secret-chat")]
    [InlineData("secret-chat")]
    [InlineData("Bearer secret-chat,Bearer secret-chat")]
    [InlineData("Bearer sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Every_route_refuses_a_caller_that_no_key_knows(string? header)
    {
        await using var server = await KeyedServer.StartAsync();
        foreach (var (method, _, path) in WireRoutes.Of(server).Where(route => route.Method is null || !WireRoutes.IsOpen(route.Path)))
        {
            using var response = await server.SendAsync(new(method ?? "PUT"), path, null, header is null ? [] : [("Authorization", header)]);
            var error = await WireRoutes.RefusedAsync(path, response, HttpStatusCode.Unauthorized);
            Assert.Equal("unauthorized", error.GetProperty("code").GetString());
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.DoesNotContain("secret", error.ToString());
        }
    }

    [Theory]
    [InlineData("Bearer secret-chat")]
    [InlineData("bearer secret-chat")]
    [InlineData("BEARER   secret-chat ")]
    public async Task The_scheme_is_known_in_any_case_and_under_any_host_name(string header)
    {
        await using var server = await KeyedServer.StartAsync();

        using var response = await server.SendAsync(HttpMethod.Get, "/agents", null, ("Authorization", header), ("Host", "agents.example.com"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Two_headers_are_not_one_key()
    {
        await using var server = await KeyedServer.StartAsync();

        var (line, _) = await RawHttp.SendAsync(server.Address,
            "GET /agents HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer secret-chat\r\nAuthorization: Bearer secret-chat\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", line);
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused_with_a_key_too()
    {
        await using var server = await KeyedServer.StartAsync();

        using var response = await server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As("chat"), ("Origin", "https://evil.example.com"));

        await WireRoutes.RefusedAsync("/agents", response, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_scope_opens_its_own_routes_alone()
    {
        await using var server = await KeyedServer.StartAsync();
        foreach (var (method, pattern, path) in WireRoutes.Of(server).Where(route => route.Method is null || !WireRoutes.IsOpen(route.Path)))
        {
            var own = pattern.StartsWith("/halts", StringComparison.Ordinal) ? "admin" : "chat";
            using var refused = await server.SendAsync(new(method ?? "PUT"), path, null, KeyedServer.As(own == "chat" ? "admin" : "chat"));
            Assert.Equal("forbidden", (await WireRoutes.RefusedAsync(path, refused, HttpStatusCode.Forbidden)).GetProperty("code").GetString());
            using var taken = await server.SendAsync(new(method ?? "PUT"), path, null, KeyedServer.As(own));
            Assert.NotEqual(HttpStatusCode.Forbidden, taken.StatusCode);
            Assert.NotEqual(HttpStatusCode.Unauthorized, taken.StatusCode);
        }
    }

    [Fact]
    public void A_hash_is_that_of_SHA_256_and_a_secret_is_new_each_time()
    {
        Assert.Equal("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ApiKey.Hash("abc"));
        var secrets = Enumerable.Range(0, 100).Select(_ => ApiKey.NewSecret()).ToHashSet();
        Assert.Equal(100, secrets.Count);
        Assert.All(secrets, secret => Assert.Matches("^aa_[A-Za-z0-9_-]{43}$", secret));
        var key = new ApiKey("k", ApiKey.Hash(secrets.First()).ToUpperInvariant().Replace("SHA", "sha", StringComparison.Ordinal), [ActorAgentsScopes.Chat]);
        Assert.Same(key, ApiKeyHandler.Find([key], secrets.First()));
        Assert.Null(ApiKeyHandler.Find([key], secrets.Last()));
        Assert.DoesNotContain(secrets.First(), key.ToString());
    }

    [Theory]
    [InlineData("", "sha256:H", "chat", null)]
    [InlineData("k", "H", "chat", null)]
    [InlineData("k", "sha256:", "chat", null)]
    [InlineData("k", "sha256:xyz", "chat", null)]
    [InlineData("k", "md5:H", "chat", null)]
    [InlineData("k", "sha256:H0", "chat", null)]
    [InlineData("k", "sha256:H", "root", null)]
    [InlineData("k", "sha256:H", "Chat", null)]
    [InlineData("k", "sha256:H", "", null)]
    [InlineData("k", "sha256:H", "chat", "a b")]
    [InlineData("k", "sha256:H", "chat", "")]
    public void A_key_that_is_malformed_is_refused(string name, string hash, string scopes, string? tenant) =>
        Assert.Throws<ArgumentException>(() => new ApiKey(name, hash.Replace("H", new string('0', 64)), scopes.Split(',', StringSplitOptions.RemoveEmptyEntries), tenant));
}
