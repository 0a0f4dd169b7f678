using System.Collections.Concurrent;
using System.Text;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class GoneEarlyTests
{
    [Theory]
    [InlineData("/agents/assistant/1/turns", """{"input":"hello"}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant","messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"assistant","stream":true,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("/chat", """{"prompt":"hello"}""")]
    public async Task A_client_that_goes_before_the_first_byte_is_no_fault_of_the_server(string path, string body)
    {
        var log = new Complaints();
        var provider = new ScriptedProvider(Script.Stall(out var gate));
        await using (var server = await AgentServer.StartAsync(provider, services: services => services.AddLogging(logging => logging.AddProvider(log))))
        {
            using var leaving = new CancellationTokenSource();
            var answer = server.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), leaving.Token);
            await gate.ReachedAsync();

            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            await provider.ReleasedAsync();
        } // Once it has stopped, whatever was to be logged of the request has been.

        Assert.Empty(log.Heard);
    }

    /// <summary>What is logged as a warning or worse.</summary>
    private sealed class Complaints : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
        public void Dispose() { }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Heard.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
