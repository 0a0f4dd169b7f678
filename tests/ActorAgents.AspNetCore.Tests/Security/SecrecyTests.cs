using System.Collections.Concurrent;
using System.Net;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.AspNetCore.Tests.Security;

public sealed class SecrecyTests
{
    private static readonly string[] Secrets = ["secret-", "whisper-prompt", "whisper-answer", "whisper-result", "whisper-argument"];

    [Fact]
    public async Task Neither_logs_nor_errors_hold_a_key_a_prompt_an_answer_or_a_result()
    {
        var log = new Captured();
        var provider = new ScriptedProvider(
            Script.Text("whisper-answer").Call("look", new { at = "whisper-argument" }), Script.Text("whisper-answer"),
            Script.Text("whisper-answer").Throw(new InvalidOperationException("broke")), Script.Throw(new InvalidOperationException("broke")), Script.Text("whisper-answer").Stall(), Script.Text("whisper-answer"));
        await using var server = await KeyedServer.StartAsync(provider, services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log)));
        await server.Agents["assistant", "1"].AddToolAsync(new ScriptedTool("look", _ => "whisper-result"));
        var errors = new List<string>();
        (string, string)[] me = [KeyedServer.As("chat"), ("Accept", "text/event-stream")];
        async Task AskAsync(string path, object body, params (string, string)[] headers)
        {
            using var response = await server.PostAsync(path, body, headers);
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.OK) errors.Add(text);
        }

        var hello = new { input = "whisper-prompt" };
        await AskAsync("/agents/assistant/1/turns", hello, me); // Completes, with a tool.
        await AskAsync("/agents/assistant/1/turns", hello, me); // Fails midway.
        await AskAsync("/v1/chat/completions", new { model = "assistant", messages = new[] { new { role = "user", content = "whisper-prompt" } } }, KeyedServer.As("chat"));
        await using (var gone = await server.StreamAsync("/agents/assistant/1/turns", hello, me)) await gone.NextAsync("text");
        await provider.ReleasedAsync();
        await AskAsync("/agents/assistant/1/turns", """{"input":"whisper-prompt""", me);
        await AskAsync("/agents/assistant/1/turns", """{"input":["whisper-prompt"]}""", me);
        await AskAsync("/agents/nobody/1/turns", hello, me);
        await AskAsync("/agents/assistant/1/turns", hello, ("Authorization", "Bearer secret-wrong"));
        await AskAsync("/halts", new { scope = "cluster", reason = "x" }, KeyedServer.As("chat"));

        Assert.Equal(6, errors.Count);
        Assert.NotEmpty(log.Lines);
        foreach (var secret in Secrets)
        {
            Assert.DoesNotContain(errors, error => error.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("bug")]
    [InlineData("provider")]
    public async Task What_an_exception_says_is_in_the_log_and_in_no_body_and_no_frame(string of)
    {
        var log = new Captured();
        var provider = ScriptedProvider.Always(of == "tool" ? Script.Text("Once ").Call("look") : Script.Text("Once ").Throw(new InvalidOperationException("secret-provider")));
        await using var server = await AgentServer.StartAsync(
            agents => agents
                .AddProvider("default", provider, p => p.Classify(_ => of == "bug" ? throw new InvalidOperationException("secret-bug") : null))
                .AddAgent("assistant", a => a
                    .WithTool(new ScriptedTool("look").Throws(new IOException("secret-tool"))).WithLimits(l => l with { MaxConsecutiveFailingRounds = 0 })),
            services: services => services.AddLogging(logging => logging.AddProvider(log)));
        object Completion(bool stream) => new { model = "assistant", stream, messages = new[] { new { role = "user", content = "hello" } } };
        var native = new { input = "hello", turnId = "t1" };

        List<Task<HttpResponseMessage>> answers =
        [
            server.PostAsync("/agents/assistant/1/turns", native, ("Accept", "text/event-stream")),
            server.PostAsync("/agents/assistant/2/turns", native),
            server.PostAsync("/v1/chat/completions", Completion(stream: true)),
            server.PostAsync("/v1/chat/completions", Completion(stream: false)),
            server.SendAsync(HttpMethod.Get, "/chat?prompt=hello"),
        ];
        var bodies = await Task.WhenAll(answers.Select(async answer => { using var response = await answer; return await response.Content.ReadAsStringAsync(); }));

        Assert.All(bodies, body =>
        {
            Assert.Contains(of == "tool" ? "in a row" : "server's log", body.Replace("\\u0027", "'"));
            Assert.DoesNotContain("secret-", body);
        });
        Assert.Equal(bodies.Length, log.Lines.Count(line => line.StartsWith("Warning Turn") && line.Contains($"secret-{of}")));
    }

    internal sealed class Captured : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
        public void Dispose() { }
    }
}
