using System.Buffers.Text;
using System.Text;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Names a task, which is one turn, so that it is found from the name alone: <c>turn.key</c>, the key in base64url. It does not name the kind, which the
/// address does, nor the tenant, which is the caller's.
/// </summary>
internal sealed record A2ATaskId(string Key, TurnId Turn)
{
    private readonly string _text = $"{Turn}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Key))}";

    public override string ToString() => _text;

    /// <summary>Null for what names no task.</summary>
    public static A2ATaskId? Parse(string text)
    {
        if (text.Split('.') is not [var turn, var key]) return null;
        try
        {
            var id = new A2ATaskId(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key)), new TurnId(turn));
            _ = new AgentId("x", id.Key); // Nothing that no agent's key can be.
            return id._text == text ? id : null; // A task has one name.
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { return null; }
    }
}
