using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ActorAgents.AspNetCore;
using ActorAgents.Host.Tests.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Host.Tests.Processes;

/// <summary>The server as a process of its own.</summary>
public sealed partial class ServeTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _configuration.Dispose();
    }

    [Fact]
    public async Task It_says_where_it_is_and_answers_there()
    {
        using var process = Start();
        var address = await AddressAsync(process);

        var answer = await _client.PostAsync($"{address}/v1/chat/completions", Json("""{"model":"helper","messages":[{"role":"user","content":"say hi"}]}"""));

        Assert.Contains("\"content\":\"hi\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal("Healthy", await _client.GetStringAsync($"{address}/health/live"));
        Assert.Equal("Healthy", await _client.GetStringAsync($"{address}/health/ready"));
        Assert.Contains("actoragents_turn_duration", await _client.GetStringAsync($"{address}/metrics"));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_termination_ends_live_turns_with_their_partial_and_exits_with_0()
    {
        _configuration.Environment["ActorAgents__Providers__default__Pace"] = "400";
        using var process = Start();
        var address = await AddressAsync(process);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/agents/helper/1/turns") { Content = Json("""{"input":"count to 10000"}""") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await stream.ReadLineAsync() is { } line && !line.Contains("event: text", StringComparison.Ordinal)) { }

        process.Signal("TERM");

        var rest = await stream.ReadToEndAsync();
        Assert.Contains("event: interrupted", rest);
        Assert.Matches("\"partial\":\"1,.*\"reason\":\"shutdown\"", rest);
        Assert.Equal(0, (await process.EndAsync()).Code);
    }

    [Fact]
    public async Task With_keys_nobody_is_answered_without_one()
    {
        var (chat, admin) = (ApiKey.NewSecret(), ApiKey.NewSecret());
        _configuration.Write("appsettings.json", $$"""
            { "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded", "Pace": "none" } },
              "Keys": { "ann": { "Hash": "{{ApiKey.Hash(chat)}}", "Scopes": [ "chat" ] }, "ops": { "Hash": "{{ApiKey.Hash(admin)}}", "Scopes": [ "admin" ] } } } }
            """);
        using var process = Start();
        var address = await AddressAsync(process);

        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync($"{address}/agents", null));
        Assert.Equal(HttpStatusCode.OK, await GetAsync($"{address}/agents", chat));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync($"{address}/metrics", chat));
        Assert.Equal(HttpStatusCode.OK, await GetAsync($"{address}/metrics", admin));
        Assert.Equal(HttpStatusCode.OK, await GetAsync($"{address}/health/ready", null));
    }

    [Fact]
    public async Task Without_a_key_it_does_not_listen_where_others_reach_it()
    {
        using var process = HostProcess.Start(null, Environment(), "serve", "--urls", "http://0.0.0.0:0", "--config", _configuration.Folder);
        var (code, output, error) = await process.EndAsync();

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("http://0.0.0.0:0 could be reached from other machines, and no key is configured.", error);
    }

    [Fact]
    public async Task An_address_in_use_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        using var process = HostProcess.Start(null, Environment(), "serve", "--urls", $"http://{taken.LocalEndpoint}", "--config", _configuration.Folder);
        var (code, _, error) = await process.EndAsync();

        Assert.Equal(1, code);
        Assert.Contains("choose another address with --urls", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Theory]
    [InlineData("\"Keys\": { \"ann\": { \"Hash\": \"secret\", \"Scopes\": [ \"chat\" ] } }", "'ActorAgents:Keys:ann' is no key: The hash of key 'ann' must be 'sha256:'")]
    [InlineData("\"Urls\": \"127.0.0.1:5080\"", "'ActorAgents:Urls' has '127.0.0.1:5080', which is not a URL to listen at")]
    [InlineData("\"AllowedOrigins\": [ \"https://example.com/\" ]", "'ActorAgents:AllowedOrigins' has 'https://example.com/', which is not an origin")]
    [InlineData("\"Urls\": \"https://127.0.0.1:5080\"", "TLS is a proxy's work")]
    [InlineData("\"PerKey\": 100", "'ActorAgents:PerKey' must be an object, not a single value.")]
    [InlineData("\"Keys\": \"sha256:00\"", "'ActorAgents:Keys' must be an object, not a single value.")]
    [InlineData("\"PerKey\": { \"Concurrent\": \"many\" }", "Leave it out for 200; 0 means no bound.")]
    [InlineData("\"Proxies\": [ \"here\" ]", "'ActorAgents:Proxies' has 'here', which is not an IP address.")]
    [InlineData("\"Proxies\": [ \"10.0.0.1\" ]", "lets proxies call for others, and no key is configured")]
    [InlineData("\"PerKey\": { \"RequestsPerMinut\": 1 }", "Did you mean 'RequestsPerMinute'?")]
    [InlineData("\"Telemetry\": { \"OtlpEndpoint\": \"here\" }", "must be an http or https URL")]
    [InlineData("\"Probe\": \"yes\"", "'ActorAgents:Probe' must be true or false, not 'yes'.")]
    [InlineData("\"KeepResponses\": \"none\"", "'ActorAgents:KeepResponses' must be seconds as a number above 0, or \"hh:mm:ss\", and at most 365 days, not 'none'.")]
    [InlineData("\"MaxResponseAgents\": 0", "'ActorAgents:MaxResponseAgents' must be a whole number from 1, not '0'. Leave it out for 10000.")]
    public void A_mistake_in_its_settings_is_told(string setting, string told)
    {
        _configuration.Write("appsettings.json", $$"""{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded" } }, {{setting}} } }""");

        Assert.Contains(told, Assert.Single(_configuration.Mistakes()));
    }

    [Theory]
    [InlineData("3600", 1)]
    [InlineData("\"48:00:00\"", 48)]
    public void Responses_are_kept_as_the_settings_say(string time, int hours)
    {
        _configuration.Write("appsettings.json", $$"""
            { "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded" } }, "KeepResponses": {{time}}, "MaxResponseAgents": 7 } }
            """);

        var configuration = _configuration.Load();
        using var app = (IDisposable)Serving.AgentServer.Build(configuration, ["http://127.0.0.1:0"], Serilog.Core.Logger.None);
        var http = ((Microsoft.AspNetCore.Builder.WebApplication)app).Services.GetRequiredService<IOptions<ActorAgentsHttpOptions>>().Value;

        Assert.Equal((TimeSpan.FromHours(hours), 7), (http.KeepResponses, http.MaxResponseAgents));
    }

    [Fact]
    public void A_limit_that_is_not_set_keeps_its_default()
    {
        _configuration.Write("appsettings.json", """{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embedded" } }, "PerKey": { "Concurrent": 50 } } }""");

        var server = _configuration.Load().Settings.Server;

        Assert.Equal((new RequestLimits(600, 50), new RequestLimits(6_000, 2_000)), (server.PerKey, server.PerTenant));
    }

    [Fact]
    public async Task Every_answer_has_the_security_headers_and_allowed_origins_may_read()
    {
        _configuration.Environment["ActorAgents__AllowedOrigins"] = "https://app.example.com";
        using var process = Start();
        var address = await AddressAsync(process);

        using var missing = await _client.GetAsync($"{address}/agents/nobody");
        using var asked = new HttpRequestMessage(HttpMethod.Options, $"{address}/v1/chat/completions") { Headers = { { "Origin", "https://app.example.com" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,content-type" } } };
        using var allowed = await _client.SendAsync(asked);

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("nosniff", Assert.Single(missing.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("default-src 'none'", Assert.Single(missing.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("https://app.example.com", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Asked_to_end_before_it_has_started_it_ends()
    {
        using var process = HostProcess.Start(null, Environment(), "serve", "--exit-with-parent", "--urls", "http://127.0.0.1:0", "--config", _configuration.Folder);

        var (code, _, error) = await process.EndAsync(); // Its standard input is at its end from the beginning.

        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public async Task No_free_port_is_found_for_two_addresses()
    {
        using var process = HostProcess.Start(null, Environment(), "serve", "--urls", "http://localhost:0", "--config", _configuration.Folder);

        var (code, _, error) = await process.EndAsync();

        Assert.Equal(1, code);
        Assert.Contains("two addresses", error);
    }

    private HostProcess Start() => HostProcess.Start(null, Environment(), "serve", "--urls", "http://127.0.0.1:0", "--config", _configuration.Folder);

    private Dictionary<string, string?> Environment() => new(_configuration.Environment) { ["ACTORAGENTS_LOGS"] = _configuration.Folder };

    private static async Task<string> AddressAsync(HostProcess process) => Address().Match(await process.ReadLineAsync()).Value;

    private async Task<HttpStatusCode> GetAsync(string address, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [GeneratedRegex(@"http://[\d.:]+\d")]
    private static partial Regex Address();
}
