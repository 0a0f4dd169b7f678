using Akka.Configuration;

namespace ActorAgents.Host.Configuration;

/// <summary>The files Akka reads: <c>common.conf</c> and the one of the program's role, joined and parsed once so that <c>${…}</c> resolves across them.</summary>
internal static class HoconFiles
{
    public const string Common = "common";

    /// <summary>One process that is all there is.</summary>
    public const string Local = "local";

    public static Config Read(string folder, string role, ICollection<Mistake> mistakes)
    {
        if (!Directory.Exists(folder))
        {
            mistakes.Add(new(folder, $"the folder is missing. It holds {Common}.conf and {role}.conf."));
            return Config.Empty;
        }
        var texts = new List<(string Path, string Text)>();
        foreach (var path in new[] { Common, role }.Order(StringComparer.Ordinal).Select(n => Path.Combine(folder, n + ".conf")))
        {
            if (File.Exists(path)) texts.Add((path, File.ReadAllText(path)));
            else mistakes.Add(new(path, "the file is missing."));
        }
        try
        {
            return ConfigurationFactory.ParseString(string.Join('\n', texts.Select(t => t.Text)));
        }
        catch (Exception e)
        {
            // The parser has no exception type of its own.
            foreach (var (path, reason) in Culprits(texts).DefaultIfEmpty((folder, e.Message))) mistakes.Add(new(path, $"not valid HOCON: {reason}"));
            return Config.Empty;
        }
    }

    private static IEnumerable<(string Path, string Reason)> Culprits(IEnumerable<(string Path, string Text)> texts)
    {
        foreach (var (path, text) in texts)
        {
            var reason = "";
            try { _ = ConfigurationFactory.ParseString(text); }
            catch (Exception e) { reason = e.Message; }
            if (reason.Length > 0) yield return (path, reason);
        }
    }
}
