using System.Security.Cryptography;
using System.Text;

namespace ActorAgents.Providers;

/// <summary>
/// The names under which models call a server's tools. Providers take up to 64 of <c>[a-zA-Z0-9_-]</c> (OpenAI's rule, the narrowest); the protocol allows more
/// characters and 128 of them.
/// </summary>
internal static class McpToolNames
{
    private const int MaxLength = 64;

    /// <summary>
    /// Other characters become <c>_</c>. A name that is too long, or the same as an earlier one for that reason, is cut and ends in <c>_</c> and the first 8
    /// digits of its SHA-256, so that it is the same whenever the server starts. What the server names twice is left out the second time.
    /// </summary>
    public static IEnumerable<(T Tool, string Name)> For<T>(string prefix, IEnumerable<T> tools, Func<T, string> nameOf)
    {
        var all = tools.DistinctBy(nameOf).ToList();
        var taken = all.Select(tool => Full(prefix, nameOf(tool))).Where(IsFit).ToHashSet();
        foreach (var tool in all)
        {
            var full = Full(prefix, nameOf(tool));
            if (IsFit(full))
            {
                yield return (tool, full);
                continue;
            }
            var name = string.Concat(full.Select(c => IsFit(c) ? c : '_'));
            if (name.Length > MaxLength || !taken.Add(name)) taken.Add(name = Marked(name, full));
            yield return (tool, name);
        }
    }

    private static string Full(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}_{name}";

    private static string Marked(string name, string full)
    {
        var mark = "_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..8];
        return name[..Math.Min(name.Length, MaxLength - mark.Length)] + mark;
    }

    private static bool IsFit(string name) => name.Length is > 0 and <= MaxLength && name.All(IsFit);

    private static bool IsFit(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
