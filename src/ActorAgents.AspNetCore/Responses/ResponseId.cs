using System.Globalization;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Names a response by where it is: its agent's kind and key, and its turn, so that there is nothing to look up and every node finds it. It says nothing of
/// the tenant, which is the caller's own.
/// </summary>
internal readonly record struct ResponseId(string Kind, string Key, TurnId Turn)
{
    private const string Prefix = "resp_", OwnKey = "resp-";

    /// <summary>Of a response whose agent has no other name.</summary>
    public static ResponseId Own(string kind, TurnId turn) => new(kind, OwnKey + turn, turn);

    /// <summary>Whether the agent is known by its responses alone.</summary>
    public bool IsOwn => Key.StartsWith(OwnKey, StringComparison.Ordinal) && Guid.TryParseExact(Key.AsSpan(OwnKey.Length), "N", out _);

    /// <summary>In seconds, as the turn's id tells; 0 when it does not.</summary>
    public long Created => Turn.Value.Length == 32
        && long.TryParse(Turn.Value.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var time) ? time / 1000 : 0;

    public override string ToString() => Prefix + TurnName.Encode($"{Kind}\n{Turn}{(Key == OwnKey + Turn ? "" : "\n" + Key)}");

    /// <summary>Null when it is none of this server's.</summary>
    public static ResponseId? Parse(string text) => TurnName.Parse<ResponseId?>(text, static text =>
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var parts = TurnName.Decode(text.AsSpan(Prefix.Length)).Split('\n');
        if (parts is not ([_, _] or [_, _, _])) return null;
        var (kind, turn) = (parts[0], new TurnId(parts[1]));
        var id = parts.Length == 2 ? Own(kind, turn) : new ResponseId(kind, parts[2], turn);
        _ = new AgentId(id.Kind, id.Key);
        return id;
    });
}
