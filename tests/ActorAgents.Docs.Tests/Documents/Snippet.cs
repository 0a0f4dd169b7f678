namespace ActorAgents.Docs.Tests.Documents;

/// <summary>Some lines of code without their common indentation, and where they stand.</summary>
internal sealed record Snippet(string Name, string Path, int Line, IReadOnlyList<string> Lines)
{
    public bool Says(Snippet other) => Lines.SequenceEqual(other.Lines);

    /// <summary>The <c>csharp</c> blocks of a document, each named by its first line of code.</summary>
    public static IEnumerable<Snippet> BlocksOf(string path, IReadOnlyList<string> document)
    {
        for (var at = 0; at < document.Count; at++)
        {
            if (document[at].Trim() != "```csharp") continue;
            var start = at + 1;
            while (++at < document.Count && document[at].Trim() != "```") { }
            yield return new("", path, start, Aligned(document.Skip(start).Take(at - start)));
        }
    }

    /// <summary>The regions of a source file; those of one name are one snippet, in their order.</summary>
    public static IEnumerable<Snippet> RegionsOf(string path, IReadOnlyList<string> source)
    {
        var regions = new Dictionary<string, Snippet>();
        for (var at = 0; at < source.Count; at++)
        {
            if (source[at].Trim() is not ['#', 'r', 'e', 'g', 'i', 'o', 'n', ' ', .. var name]) continue;
            var start = at + 1;
            while (source[++at].Trim() != "#endregion") { }
            var lines = Aligned(source.Skip(start).Take(at - start));
            regions[name] = regions.TryGetValue(name, out var before)
                ? before with { Lines = [.. before.Lines, .. lines] }
                : new Snippet(name, path, start + 1, lines);
        }
        return regions.Values;
    }

    /// <summary>Which of them has most lines in common with this one.</summary>
    public Snippet NearestOf(IEnumerable<Snippet> others) => others.MaxBy(other => other.Lines.Count(line => line.Length > 0 && Lines.Contains(line)))!;

    /// <summary>Where this one first says something else than the other, for a person.</summary>
    public string DifferenceFrom(Snippet other)
    {
        var same = Lines.Zip(other.Lines, (mine, theirs) => mine == theirs).TakeWhile(equal => equal).Count();
        return $"at line {Line + 1 + same} the document has '{Lines.ElementAtOrDefault(same)}' where the code has '{other.Lines.ElementAtOrDefault(same)}'";
    }

    private static IReadOnlyList<string> Aligned(IEnumerable<string> lines)
    {
        var all = lines.Select(line => line.TrimEnd()).ToList();
        var indentation = all.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return [.. all.Select(line => line.Length == 0 ? line : line[indentation..])];
    }
}
