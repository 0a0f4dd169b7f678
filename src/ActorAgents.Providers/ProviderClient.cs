using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Makes chat clients from options.</summary>
public static class ProviderClient
{
    /// <summary>
    /// A client of that kind. Nothing is asked of the provider until the first request, and a missing key is that request's
    /// <see cref="TurnErrorKind.Authentication"/> error. It never repeats a request and has no timeouts but those of its options: the runtime has both.
    /// Whatever fails on the way is a <see cref="ProviderException"/>. Safe for any number of concurrent requests, which share its connections.
    /// </summary>
    /// <param name="time">The clock of waits and of the breaker; the system's unless given.</param>
    /// <param name="environment">Where keys and hosts are looked up; the process's environment unless given.</param>
    /// <exception cref="ArgumentException">The kind is unknown, or a value is out of its range.</exception>
    public static IChatClient Create(ProviderOptions options, TimeProvider? time = null, Func<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var kind = ProviderKinds.Find(options.Kind);
        environment ??= Environment.GetEnvironmentVariable;
        time ??= TimeProvider.System;
        var endpoint = options.Endpoint ?? HostOf(kind, environment) ?? kind.Endpoint
            ?? throw new ArgumentException($"A provider of kind '{kind.Name}' needs an Endpoint.");
        var key = NotBlank(options.ApiKey) ?? (kind.KeyVariable is null ? null : NotBlank(environment(kind.KeyVariable)));
        // Servers of one's own often need no key; the provider itself always does.
        var missing = key is null && kind.KeyVariable is not null && endpoint == kind.Endpoint
            ? $"There is no API key for the provider of kind '{kind.Name}': set its ApiKey, or the environment variable {kind.KeyVariable}."
            : null;
        var http = new HttpClient(new WireHandler(options, key, missing, readsAnswers: kind.Reader is not null, time) { InnerHandler = Connections(options) })
        {
            Timeout = options.ResponseTimeout ?? Timeout.InfiniteTimeSpan,
        };
        var client = kind.Create(new(http, endpoint, options.Model, key, options.Headers, time));
        if (kind.Reader is { } reader) client = new KindChatClient(client, kind, reader, endpoint, options.Model);
        client = new ConnectedChatClient(client, http, kind, options);
        return options.BreakerRequests == 0 ? client : new BreakerChatClient(client, options, time);
    }

    private static void Check(ProviderOptions options)
    {
        if (options.BreakerRequests is not 0 and < 2) throw Wrong(nameof(options.BreakerRequests), options.BreakerRequests, "at least 2, or 0 for no breaker");
        if (options.BreakerPause < TimeSpan.FromSeconds(0.5) || options.BreakerPause > TimeSpan.FromDays(1)) throw Wrong(nameof(options.BreakerPause), options.BreakerPause, "from 0.5 s to a day");
        if (options.ConnectTimeout <= TimeSpan.Zero) throw Wrong(nameof(options.ConnectTimeout), options.ConnectTimeout, "more than nothing");
        if (options.ResponseTimeout <= TimeSpan.Zero) throw Wrong(nameof(options.ResponseTimeout), options.ResponseTimeout, "more than nothing");
        if (options.Temperature < 0 || options.Temperature is float.NaN) throw Wrong(nameof(options.Temperature), options.Temperature, "0 or more");
        if (options.MaxConnections < 1) throw Wrong(nameof(options.MaxConnections), options.MaxConnections, "at least 1");
        if (options.MaxOutputTokens < 1) throw Wrong(nameof(options.MaxOutputTokens), options.MaxOutputTokens, "at least 1");
        if (options.Endpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))) throw Wrong(nameof(options.Endpoint), Address.Plain(endpoint), "an absolute http or https address");

        static ArgumentException Wrong(string name, object? value, string valid) => new($"{name} is {value}; it must be {valid}.");
    }

    private static SocketsHttpHandler Connections(ProviderOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = options.MaxConnections ?? int.MaxValue,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // So that a changed DNS entry is noticed.
        AllowAutoRedirect = false,
        ResponseDrainTimeout = TimeSpan.Zero, // An abandoned answer is cut off at once, not read to its end.
    };

    private static Uri? HostOf(ProviderKind kind, Func<string, string?> environment)
    {
        if (kind.Host is not var (variable, read) || NotBlank(environment(variable)) is not { } text) return null;
        return read(text) ?? throw new ArgumentException($"The environment variable {variable} is '{Address.Plain(text)}', which is no address such as 127.0.0.1:11434.");
    }

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
