using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ActorAgents.Host.Tests.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ActorAgents.Host.Tests.Processes;

/// <summary>What the server sends to a collector, and what it logs.</summary>
public sealed partial class TelemetryTests : IAsyncLifetime
{
    private const string Secret = "say pomegranate";

    private readonly TemporaryConfiguration _configuration = new();
    private readonly ConcurrentDictionary<string, string> _received = new();
    private WebApplication _collector = null!;

    /// <summary>A collector of OTLP over gRPC that keeps what it is sent, as the bytes are: names and values are readable in them.</summary>
    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _collector = builder.Build();
        _collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _received.AddOrUpdate(http.Request.Path.Value!.Split('/')[^2], Text(body), (_, before) => before + Text(body));
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5]); // An empty message.
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await _collector.StartAsync();

        static string Text(MemoryStream body) => Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    public async Task DisposeAsync()
    {
        await _collector.DisposeAsync();
        _configuration.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Traces_and_metrics_are_exported_and_carry_what_was_said_only_when_told_to(bool sensitive)
    {
        _configuration.Environment["ActorAgents__Telemetry__OtlpEndpoint"] = _collector.Urls.Single();
        _configuration.Environment["ActorAgents__Telemetry__SensitiveData"] = $"{sensitive}";

        var log = await RunTurnAsync();

        var traces = _received["opentelemetry.proto.collector.trace.v1.TraceService"];
        Assert.Contains("invoke_agent helper", traces);
        Assert.Contains("POST /chat", traces);
        Assert.Contains("actoragents.turn.duration", _received["opentelemetry.proto.collector.metrics.v1.MetricsService"]);
        Assert.Equal(sensitive, traces.Contains("pomegranate", StringComparison.Ordinal));
        Assert.DoesNotContain("pomegranate", _received["opentelemetry.proto.collector.metrics.v1.MetricsService"]);
        Assert.DoesNotContain("pomegranate", log);
    }

    [Fact]
    public async Task The_log_names_request_turn_agent_and_one_trace_for_them()
    {
        var log = await RunTurnAsync();

        var turn = TurnLine().Match(log);
        var request = RequestLine().Match(log);
        Assert.True(turn.Success && request.Success, log);
        Assert.Equal(request.Groups["trace"].Value, turn.Groups["trace"].Value);
        Assert.Equal(request.Groups["turn"].Value, turn.Groups["turn"].Value);
        Assert.DoesNotContain("pomegranate", log);
    }

    /// <returns>What the server logged.</returns>
    private async Task<string> RunTurnAsync()
    {
        _configuration.Write("serilog.json", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "config", "serilog.json")));
        _configuration.Environment["ACTORAGENTS_LOGS"] = _configuration.Path("logs");
        using var process = HostProcess.Start(null, _configuration.Environment, "serve", "--urls", "http://127.0.0.1:0", "--config", _configuration.Folder);
        using var client = new HttpClient();
        var address = Address().Match(await process.ReadLineAsync()).Value;
        using var answer = await client.PostAsync($"{address}/chat", new StringContent($$"""{"prompt":"{{Secret}}"}""", Encoding.UTF8, "application/json"));
        Assert.Contains("pomegranate", await answer.Content.ReadAsStringAsync());
        using var asked = await client.GetAsync($"{address}/chat?prompt={Secret}");
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        process.Signal("TERM");
        Assert.Equal(0, (await process.EndAsync()).Code);
        return string.Concat(Directory.EnumerateFiles(_configuration.Path("logs")).Select(File.ReadAllText));
    }

    [GeneratedRegex(@"http://[\d.:]+\d")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<trace>[0-9a-f]{32}) ActorAgents +Turn (?<turn>[0-9a-f]{32}) of agent default/helper/\w+ completed")]
    private static partial Regex TurnLine();

    [GeneratedRegex(@"(?<trace>[0-9a-f]{32}) \S+ +POST /chat 200 in \d+ ms, turn (?<turn>[0-9a-f]{32})")]
    private static partial Regex RequestLine();
}
