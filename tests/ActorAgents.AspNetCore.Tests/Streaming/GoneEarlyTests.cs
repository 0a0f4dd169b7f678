using System.Collections.Concurrent;
using System.Text;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

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
        var seen = new Escaped();
        var provider = new ScriptedProvider(Script.Stall(out var gate));
        await using (var server = await AgentServer.StartAsync(provider, services: services => services.AddSingleton<IStartupFilter>(seen)))
        {
            using var leaving = new CancellationTokenSource();
            var answer = server.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), leaving.Token);
            await gate.ReachedAsync();

            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            await provider.ReleasedAsync();
        } // Once it has stopped, the request has been answered.

        Assert.Equal(1, seen.Requests);
        Assert.Empty(seen.Exceptions);
    }

    /// <summary>Stands before everything, where loggers and traces of requests do, and keeps what comes through.</summary>
    private sealed class Escaped : IStartupFilter
    {
        private int _requests;

        public int Requests => _requests;
        public ConcurrentQueue<Exception> Exceptions { get; } = new();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (_, inner) =>
            {
                try { await inner(); }
                catch (Exception exception)
                {
                    Exceptions.Enqueue(exception);
                    throw;
                }
                finally { Interlocked.Increment(ref _requests); }
            });
            next(app);
        };
    }
}
