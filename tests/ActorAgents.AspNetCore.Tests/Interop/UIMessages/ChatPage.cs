using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Clients;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

/// <summary>The AI SDK's chat, told line by line what its user does; see <c>tests/interop/clients/uichat.mjs</c>. It checks every chunk and every message by its own schemas.</summary>
internal sealed class ChatPage : IDisposable
{
    private readonly NodeScript _script;
    private readonly List<JsonElement> _said = [];

    private ChatPage(NodeScript script) => _script = script;

    /// <summary>Everything that was said so far.</summary>
    public IReadOnlyList<JsonElement> Said => _said;

    /// <param name="chat">The chat's id.</param>
    /// <param name="query">Of every address.</param>
    public static ChatPage Open(AgentServer server, string chat = "ann", string query = "", bool waits = false, bool toolFails = false, string? key = null, object? body = null) => Open(server.Address, chat, query, waits, toolFails, key, body);

    public static ChatPage Open(Uri server, string? chat = "ann", string query = "", bool waits = false, bool toolFails = false, string? key = null, object? body = null) =>
        new(NodeScript.Start("uichat", server, new { task = "talk", chat, query, waits, toolFails, key, body }));

    public void Do(object line) => _script.Tell(line);

    public async Task<JsonElement> NextAsync()
    {
        var next = await _script.NextAsync() ?? throw new InvalidOperationException($"The page ended after {string.Join(" ", _said)}");
        if (next.TryGetProperty("error", out var error) && !next.TryGetProperty("chat", out _)) Assert.Fail($"The page broke: {error}");
        _said.Add(next);
        return next;
    }

    /// <summary>Everything up to the first notice of a sort, of a chat.</summary>
    public async Task<JsonElement> UntilAsync(string sort, string? chat = null)
    {
        while (true)
            if (await NextAsync() is var next && next.TryGetProperty(sort, out var found) && (chat is null || next.GetProperty("chat").GetString() == chat)) return found;
    }

    public async Task<JsonElement> UntilChunkAsync(string type, string? chat = null)
    {
        while (true)
            if (await UntilAsync("chunk", chat) is var chunk && chunk.GetProperty("type").GetString() == type) return chunk;
    }

    /// <summary>Sends a text and waits until the page is at rest again.</summary>
    /// <returns>The page's state then.</returns>
    public async Task<string> SendAsync(string text)
    {
        Do(new { @do = "send", text });
        return (await UntilAsync("idle")).GetString()!;
    }

    /// <summary>What the page shows; valid by the SDK's own check.</summary>
    public async Task<List<JsonElement>> MessagesAsync(string? chat = null)
    {
        Do(new { @do = "messages", chat });
        return [.. (await UntilAsync("messages", chat)).EnumerateArray()];
    }

    /// <summary>The types of all chunks so far.</summary>
    public IEnumerable<string> Types(string? chat = null) => Chunks(chat).Select(chunk => chunk.GetProperty("type").GetString()!);

    public IEnumerable<JsonElement> Chunks(string? chat = null) =>
        _said.Where(said => said.TryGetProperty("chunk", out _) && (chat is null || said.GetProperty("chat").GetString() == chat)).Select(said => said.GetProperty("chunk"));

    public JsonElement Error() => _said.Where(said => said.TryGetProperty("error", out _)).Select(said => said.GetProperty("error")).Single();

    public void Dispose() => _script.Dispose();
}

internal static class UIMessageExtensions
{
    public static List<JsonElement> Parts(this JsonElement message) => [.. message.GetProperty("parts").EnumerateArray()];

    public static string Text(this JsonElement message) => string.Concat(message.Parts().Where(part => part.Is("text")).Select(part => part.GetProperty("text").GetString()));

    public static bool Is(this JsonElement part, string type) => part.GetProperty("type").GetString() == type;

    public static JsonElement Tool(this JsonElement message, string tool) => message.Parts().Single(part => part.Is($"tool-{tool}"));

    public static string? Of(this JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member.ToString() : null;
}
