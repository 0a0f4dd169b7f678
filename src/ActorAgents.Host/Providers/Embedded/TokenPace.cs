using System.Globalization;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>How fast the embedded model writes.</summary>
internal readonly record struct TokenPace
{
    public const string Valid = "human (40 tokens a second), none, or tokens a second as a number above 0 and at most 1000000";
    private const double HumanRate = 40;
    private const double MaxRate = 1_000_000;

    private TokenPace(double? rate) => Rate = rate;

    /// <summary>Tokens a second; absent means at once.</summary>
    public double? Rate { get; }

    public static TokenPace Human { get; } = new(HumanRate);
    public static TokenPace None { get; } = new(null);

    public static TokenPace? Parse(string text) => text.Trim().ToLowerInvariant() switch
    {
        "human" => Human,
        "none" => None,
        var number when double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= MaxRate => new(rate),
        _ => null,
    };

    /// <summary>How long so many tokens take.</summary>
    public TimeSpan For(double tokens) => Rate is { } rate ? TimeSpan.FromSeconds(tokens / rate) : TimeSpan.Zero;
}
