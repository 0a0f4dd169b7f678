using System.Collections.Concurrent;
using System.Diagnostics;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>What the SDK tells of calls to whoever runs the server.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task What_clients_bring_about_is_no_error_and_whole_messages_are_in_no_log()
    {
        var log = new SecrecyTests.Captured();
        var provider = ScriptedProvider.Always(Script.Text("whisper").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve, services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        var session = await RawMcp.BeginAsync(server);

        await RawMcp.AnswerAsync(session.CallAsync(new { prompt = "hello" }, "nobody"));
        var left = await session.CallAsync(new { prompt = "hello" });
        await gate.ReachedAsync();
        left.Dispose();
        await Probe.OneAborted.ComesAsync(server, provider);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (log.Lines.Count(line => line.Contains("\"assistant\" threw an unhandled exception")) == 0) await Task.Delay(1, patience.Token);
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("Exception"));
        Assert.DoesNotContain(log.Lines, line => line.Contains("\"jsonrpc\""));
    }

    [Fact]
    public async Task What_a_failed_call_had_said_is_in_no_span()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Experimental.ModelContextProtocol",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", new ScriptedProvider(Script.Text("whisper").Throw(new InvalidOperationException("broke")))).AddAgent("discreet"));

        var result = await RawMcp.ResultAsync((await RawMcp.BeginAsync(server)).CallAsync(new { prompt = "hello" }, "discreet"));

        Assert.Contains("whisper", result.ToString());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Activity? span;
        while ((span = spans.FirstOrDefault(span => span.DisplayName == "tools/call discreet" && span.Kind == ActivityKind.Server)) is null) await Task.Delay(1, patience.Token);
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
    }
}
