using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore;

/// <summary>What all endpoints share.</summary>
internal sealed class HttpSettings(IOptions<ActorAgentsHttpOptions> options, IServiceProvider services, ILoggerFactory loggers) : IAsyncDisposable
{
    public ActorAgentsHttpOptions Options { get; } = OptionsCheck.Checked(options.Value);
    public TimeProvider Time { get; } = services.GetService<TimeProvider>() ?? TimeProvider.System;
    public RequestLimiter Limiter { get; } = new(options.Value);
    public ILogger Log { get; } = loggers.CreateLogger("ActorAgents.AspNetCore");

    public ValueTask DisposeAsync() => Limiter.DisposeAsync();
}
