namespace ActorAgents.AspNetCore;

/// <summary>The ids of a conversation's calls as its clients have them. Some providers use an id again in a later step, and clients would take that call for the first.</summary>
internal sealed class AGUICallIds
{
    private readonly Dictionary<string, (int Uses, string Last)> _shown = []; // By the provider's id.
    private readonly Dictionary<string, string> _ids = []; // The provider's, by the one that is shown.

    /// <summary>The id of one more call, given the provider's.</summary>
    public string Next(string id)
    {
        var uses = _shown.GetValueOrDefault(id).Uses;
        string shown;
        do shown = ++uses == 1 ? id : $"{id}~{uses}";
        while (!_ids.TryAdd(shown, id));
        _shown[id] = (uses, shown);
        return shown;
    }

    /// <summary>The id of the newest call that the provider gave this one.</summary>
    public string Last(string id) => _shown.TryGetValue(id, out var shown) ? shown.Last : id;

    /// <summary>The provider's id of a call that a client names.</summary>
    public string Provided(string shown) => _ids.GetValueOrDefault(shown, shown);
}
