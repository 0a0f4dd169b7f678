using System.Security.Cryptography;
using System.Text.Json;

namespace ActorAgents.Pages;

/// <summary>The conversations that this browser knows, the one used last first. The browser keeps them.</summary>
internal sealed class ConversationShelf(PageScript script)
{
    private const int TitleLength = 60;
    private const int WaitingLength = 2_000;

    private List<ShelvedConversation> _entries = [];

    public IReadOnlyList<ShelvedConversation> Entries => _entries;

    /// <summary>A key that nobody can guess: whoever knows it can read the conversation.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 20);

    public async Task LoadAsync()
    {
        var stored = JsonSerializer.Deserialize<List<ShelvedConversation>>(await script.LoadShelfAsync(), JsonSerializerOptions.Web) ?? [];
        _entries = stored.FindAll(e => e is { Kind: not null, Key: not null, Title: not null, Waiting: not null });
    }

    public ShelvedConversation? Find(string kind, string key) => _entries.Find(e => e.Kind == kind && e.Key == key);

    /// <summary>Writes down what would be lost with the page.</summary>
    public async Task PutAsync(OpenConversation conversation)
    {
        if (conversation.Exchanges is not [var first, ..]) return;
        var entry = new ShelvedConversation(conversation.Kind, conversation.Key, Short(first.Prompt, TitleLength),
            [.. conversation.Waiting.Select(w => w with { Prompt = Short(w.Prompt, WaitingLength) })]);
        var place = _entries.FindIndex(e => e.Kind == entry.Kind && e.Key == entry.Key);
        if (place < 0) _entries.Insert(0, entry); else _entries[place] = entry;
        await script.PutOnShelfAsync(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web));
    }

    /// <summary>Takes it off the list. The agent keeps it.</summary>
    public async Task RemoveAsync(ShelvedConversation entry)
    {
        _entries.Remove(entry);
        await script.TakeOffShelfAsync(entry.Kind, entry.Key);
    }

    private static string Short(string text, int length) => text.Length > length ? text[..length] + "…" : text;
}

/// <summary>A conversation as the browser keeps it.</summary>
/// <param name="Waiting">Inputs whose turns had not begun, which the agent's messages do not tell of.</param>
public sealed record ShelvedConversation(string Kind, string Key, string Title, IReadOnlyList<WaitingInput> Waiting);
