using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Serving;

/// <summary>What a person sees when the server is up.</summary>
internal static class Announcement
{
    /// <param name="briefly">To a program that started this one.</param>
    public static void Write(TextWriter output, IEnumerable<string> urls, HostSettings settings, bool briefly)
    {
        var url = ServerSettings.Reached(urls.First());
        if (briefly)
        {
            output.WriteLine($"ActorAgents is at {url}");
            return;
        }
        var key = settings.Server.Keys.Count > 0 ? " -H \"Authorization: Bearer $KEY\"" : "";
        output.WriteLine($$"""
            ActorAgents is at {{url}}: open it in a browser to chat, or ask it from a program:

              curl -N {{url}}/v1/chat/completions{{key}} -H 'Content-Type: application/json' -d '{"model":"{{settings.DefaultKind}}","stream":true,"messages":[{"role":"user","content":"tell me a story"}]}'

            Ctrl+C ends it.
            """);
    }
}
