using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Host.Tests.Browser;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    /// <summary>Names another program than the one that is found.</summary>
    private const string Variable = "ACTORAGENTS_CHROMIUM";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public static string Path { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Array.Find(Places, File.Exists) ?? Places[0];

    /// <summary>Why the tests cannot run; null when they can, or must.</summary>
    public static string? WhyNot { get; } = Installation.WhyNot
        ?? (File.Exists(Path) || Installation.IsRequired ? null : $"There is no {Path}: install Chromium, or name one in {Variable}");
}

/// <summary>A fact about the pages in a real browser. Skipped where there is none: see <see cref="Chromium.WhyNot"/>.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.WhyNot;
}

/// <summary>The same for several cases.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.WhyNot;
}
