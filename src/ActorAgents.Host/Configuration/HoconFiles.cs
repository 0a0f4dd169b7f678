using Akka.Configuration;

namespace ActorAgents.Host.Configuration;

/// <summary>The files Akka reads: <c>common.conf</c> and <c>local.conf</c> or <c>node.conf</c>, by the program's role, joined and parsed once so that <c>${…}</c> resolves across them.</summary>
internal static class HoconFiles
{
    public const string Common = "common";

    public static Config Read(string folder, Role role, ICollection<Mistake> mistakes)
    {
        var own = role == Role.Local ? "local" : "node";
        if (!Directory.Exists(folder))
        {
            mistakes.Add(new(folder, $"the folder is missing. It holds {Common}.conf and {own}.conf."));
            return Config.Empty;
        }
        var texts = new List<(string Path, string Text)>();
        foreach (var path in new[] { Common, own }.Order(StringComparer.Ordinal).Select(n => Path.Combine(folder, n + ".conf")))
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
