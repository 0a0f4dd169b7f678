using System.Globalization;
using ActorAgents.Providers;
using Microsoft.Extensions.DependencyInjection;
using Library = ActorAgents.Providers;

namespace ActorAgents.Host.Providers.Remote;

/// <summary>How settings name the providers that are reached over a network.</summary>
internal static class RemoteProvider
{
    public static IEnumerable<ProviderKind> Kinds => Library.ProviderKinds.Names.Select(name => new ProviderKind(name, RemoteKeys.Of(name),
        (settings, services) => ProviderClient.Create(Options(settings), services.GetService<TimeProvider>()),
        (settings, provider) =>
        {
            var options = Options(settings);
            if (options.Model is { } model) provider.Model(model);
            provider.WithFallback([.. options.Fallback]);
            if (settings.Values.GetValueOrDefault(RemoteKeys.ContinuesText) is { } continues && bool.Parse(continues)) provider.ContinuesText();
        }));

    public static ProviderOptions Options(ProviderSettings settings)
    {
        var usual = new ProviderOptions { Kind = settings.Kind.Name };
        return usual with
        {
            Model = Text(RemoteKeys.Model),
            Endpoint = Text(RemoteKeys.Endpoint) is { } endpoint ? new Uri(endpoint) : null,
            ApiKey = Text(RemoteKeys.ApiKey),
            Headers = Under(RemoteKeys.Headers),
            MaxOutputTokens = Whole(RemoteKeys.MaxOutputTokens),
            Temperature = Text(RemoteKeys.Temperature) is { } temperature ? float.Parse(temperature, CultureInfo.InvariantCulture) : null,
            Fallback = RemoteKeys.Names(Text(RemoteKeys.Fallback) ?? ""),
            BreakerRequests = Whole(RemoteKeys.BreakerRequests) ?? usual.BreakerRequests,
            BreakerPause = Seconds(RemoteKeys.BreakerPause) ?? usual.BreakerPause,
            ConnectTimeout = Seconds(RemoteKeys.ConnectTimeout) ?? usual.ConnectTimeout,
            ResponseTimeout = Seconds(RemoteKeys.ResponseTimeout),
            MaxConnections = Whole(RemoteKeys.MaxConnections),
        };

        string? Text(string key) => settings.Values.GetValueOrDefault(key)?.Trim();
        int? Whole(string key) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        TimeSpan? Seconds(string key) => Text(key) is { } text ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture)) : null;
        Dictionary<string, string> Under(string key) => settings.Values.Where(v => v.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(v => v.Key[(key.Length + 1)..], v => v.Value);
    }
}
