using System.Globalization;
using Library = ActorAgents.Providers;

namespace ActorAgents.Host.Providers.Remote;

/// <summary>The keys of a remote provider's settings.</summary>
internal static class RemoteKeys
{
    public const string Model = "Model", Endpoint = "Endpoint", ApiKey = "ApiKey", Headers = "Headers", MaxOutputTokens = "MaxOutputTokens", Temperature = "Temperature", Fallback = "Fallback",
        BreakerRequests = "BreakerRequests", BreakerPause = "BreakerPause", ConnectTimeout = "ConnectTimeout", ResponseTimeout = "ResponseTimeout", MaxConnections = "MaxConnections",
        ContinuesText = "ContinuesText";

    public static IReadOnlyList<ProviderKey> Of(string kind) => [.. All.Select(key => key.Name switch
    {
        Model => key with { Required = Library.ProviderKinds.NeedsModel(kind) },
        Endpoint => key with { Required = Library.ProviderKinds.NeedsEndpoint(kind) },
        _ => key,
    })];

    private static IReadOnlyList<ProviderKey> All { get; } =
    [
        new(Model, Required: false, "the model of agents that name none", _ => true),
        new(Endpoint, Required: false, "an http or https address", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
        new(ApiKey, Required: false, "one line of printable ASCII; OPENAI_API_KEY and ANTHROPIC_API_KEY serve the kinds they are named for", IsPrintable) { IsSecret = true },
        new(Headers, Required: false, "an object of names and values", IsPrintable) { IsSecret = true, IsObject = true },
        new(MaxOutputTokens, Required: false, "a whole number from 1", text => Whole(text) >= 1),
        new(Temperature, Required: false, "a number from 0", text => Number(text) >= 0),
        new(Fallback, Required: false, "names of other providers in a row, such as \"a, b\"", text => Names(text).Count > 0),
        new(BreakerRequests, Required: false, "a whole number from 2, or 0 for no breaker", text => Whole(text) is 0 or >= 2),
        new(BreakerPause, Required: false, "seconds from 0.5 to 86400", text => Number(text) is >= 0.5 and <= 86_400),
        new(ConnectTimeout, Required: false, "seconds above 0 and at most 3600", text => Number(text) is > 0 and <= 3_600),
        new(ResponseTimeout, Required: false, "seconds above 0 and at most 3600", text => Number(text) is > 0 and <= 3_600),
        new(MaxConnections, Required: false, "a whole number from 1", text => Whole(text) >= 1),
        new(ContinuesText, Required: false, "true where the model goes on after the beginning of its answer, or false", text => bool.TryParse(text, out _)),
    ];

    public static IReadOnlyList<string> Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int? Whole(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsPrintable(string text) => text.Trim().All(c => c is >= ' ' and <= '~');
}
