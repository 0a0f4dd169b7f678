using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>How settings name the embedded model.</summary>
internal static class EmbeddedProvider
{
    private const string Pace = "Pace";

    public static ProviderKind Kind { get; } = new(
        EmbeddedModel.Kind,
        [new(Pace, Required: false, TokenPace.Valid, text => TokenPace.Parse(text) is not null)],
        (settings, services) => new EmbeddedModel(PaceOf(settings), services.GetRequiredService<TimeProvider>()),
        (_, provider) => provider.Model(EmbeddedModel.Kind));

    private static TokenPace PaceOf(ProviderSettings settings) =>
        settings.Values.TryGetValue(Pace, out var text) ? TokenPace.Parse(text)!.Value : TokenPace.Human;
}
