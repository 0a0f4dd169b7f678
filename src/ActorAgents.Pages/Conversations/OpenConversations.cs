using Microsoft.Extensions.Logging;

namespace ActorAgents.Pages;

/// <summary>The conversations that one circuit has open, so that going from one to another loses nothing. Closed with the circuit.</summary>
internal sealed class OpenConversations(AgentsOfUser agents, TimeProvider time, ILogger<OpenConversation> log) : IDisposable
{
    /// <summary>Of quiet ones no more are kept; they are loaded again when they are opened.</summary>
    private const int KeptQuiet = 12;

    private readonly List<OpenConversation> _open = []; // The one used last is last.

    /// <summary>Something changed in one of them, shown or not.</summary>
    public event Action<OpenConversation>? Changed;

    /// <exception cref="UnknownAgentException">No agent of that kind is defined.</exception>
    /// <exception cref="ArgumentException">Kind or key is malformed.</exception>
    public async Task<OpenConversation> OpenAsync(string kind, string key)
    {
        var mine = await agents.GetAsync();
        var conversation = _open.Find(c => c.Kind == kind && c.Key == key) ?? New(mine[kind, key]);
        _open.Remove(conversation);
        foreach (var quiet in _open.FindAll(c => !c.IsBusy).SkipLast(KeptQuiet - 1)) Close(quiet);
        _open.Add(conversation);
        return conversation;
    }

    public bool IsBusy(string kind, string key) => _open.Exists(c => c.Kind == kind && c.Key == key && c.IsBusy);

    public void Dispose()
    {
        foreach (var conversation in _open) conversation.Dispose();
        _open.Clear();
    }

    private OpenConversation New(Agent agent)
    {
        var conversation = new OpenConversation(agent, time, log);
        conversation.Changed += () => Changed?.Invoke(conversation);
        return conversation;
    }

    private void Close(OpenConversation conversation)
    {
        conversation.Dispose();
        _open.Remove(conversation);
    }
}
