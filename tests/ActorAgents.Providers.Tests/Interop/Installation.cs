using System.Diagnostics;

namespace ActorAgents.Providers.Tests.Interop;

/// <summary>Whether the counterparties of the interop tests are installed.</summary>
internal static class Installation
{
    /// <summary>Set to <c>required</c>, as in CI, their absence is a failure.</summary>
    private const string Variable = "ACTORAGENTS_INTEROP";

    public static string Folder { get; } = FindFolder();

    public static string Node { get; } = Path.Combine(Folder, "node_modules", "node", "bin", "node");

    public static bool IsRequired { get; } = Environment.GetEnvironmentVariable(Variable) == "required";

    /// <summary>Why the tests cannot run; null when they can, or must.</summary>
    public static string? WhyNot { get; } = File.Exists(Node) || IsRequired
        ? null
        : "What to test against is not installed: npm ci --prefix tests/interop";

    /// <summary>A script of the folder, to be run by its Node with lines of text in and out.</summary>
    public static ProcessStartInfo Script(string name, params string[] arguments)
    {
        if (!File.Exists(Node)) throw new FileNotFoundException($"Interop is required, and {Node} is missing: run npm ci --prefix tests/interop");
        return new(Node, [Path.Combine(Folder, name), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "tests", "interop") is var found && File.Exists(Path.Combine(found, "package.json"))) return found;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has tests/interop.");
    }
}
