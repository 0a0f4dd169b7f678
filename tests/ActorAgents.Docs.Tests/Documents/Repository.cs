namespace ActorAgents.Docs.Tests.Documents;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The documents whose code is checked, relative to the root: the one there and those of the libraries.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. new[] { "README.md" }.Concat(Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.md", SearchOption.AllDirectories).Select(Relative))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj")).Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<string> SnippetFiles => Directory
        .EnumerateFiles(Path.Combine(Root, "tests", "ActorAgents.Docs.Tests"), "*.cs", SearchOption.AllDirectories).Select(Relative)
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorAgents.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has ActorAgents.sln.");
    }
}
