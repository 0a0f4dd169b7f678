using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The ids of a conversation's calls as its clients have them. Some providers use an id again in a later turn, and clients would take that call for the first.</summary>
internal sealed class ShownCallIds
{
    private readonly Dictionary<string, (int Uses, string Last)> _shown = []; // By the provider's id.
    private readonly Dictionary<string, string> _ids = []; // The provider's, by the one that is shown.

    /// <summary>Those of the calls of these turns.</summary>
    public static ShownCallIds Of(IEnumerable<KeptTurn> turns)
    {
        var ids = new ShownCallIds();
        foreach (var call in turns.SelectMany(turn => turn.Messages).SelectMany(message => message.Contents).OfType<FunctionCallContent>())
            if (!call.InformationalOnly) ids.Next(call.CallId);
        return ids;
    }

    /// <summary>The id of one more call, given the provider's.</summary>
    public string Next(string id)
    {
        var shown = Following(id, out var uses);
        _ids.Add(shown, id);
        _shown[id] = (uses, shown);
        return shown;
    }

    /// <summary>What <see cref="Next"/> would give.</summary>
    public string Following(string id) => Following(id, out _);

    /// <summary>The id of the newest call that the provider gave this one.</summary>
    public string Last(string id) => _shown.TryGetValue(id, out var shown) ? shown.Last : id;

    /// <summary>The provider's id of a call that a client names.</summary>
    public string Provided(string shown) => _ids.GetValueOrDefault(shown, shown);

    private string Following(string id, out int uses)
    {
        uses = _shown.GetValueOrDefault(id).Uses;
        string shown;
        do shown = ++uses == 1 ? id : $"{id}~{uses}";
        while (_ids.ContainsKey(shown));
        return shown;
    }
}
