namespace ActorAgents.AspNetCore;

/// <summary>
/// Names a task, which is one turn, so that it is found from the name alone: <c>turn.key</c>, the key in base64url. It does not name the kind, which the
/// address does, nor the tenant, which is the caller's.
/// </summary>
internal sealed record A2ATaskId(string Key, TurnId Turn)
{
    private readonly string _text = $"{Turn}.{TurnName.Encode(Key)}";

    public override string ToString() => _text;

    /// <summary>Null for what names no task.</summary>
    public static A2ATaskId? Parse(string text) => TurnName.Parse(text, static text =>
    {
        if (text.Split('.') is not [var turn, var key]) return null;
        var id = new A2ATaskId(TurnName.Decode(key), new TurnId(turn));
        _ = new AgentId("x", id.Key); // Nothing that no agent's key can be.
        return id;
    });
}
