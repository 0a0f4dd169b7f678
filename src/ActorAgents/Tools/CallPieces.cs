using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Joins the pieces of calls that a provider streams. A call that the provider closes itself is dropped here; the others are parsed once.</summary>
/// <param name="idOf">The id that a call has here, of the one that its provider gave it.</param>
internal sealed class CallPieces(Func<string, string> idOf)
{
    private readonly List<Call> _calls = [];

    /// <summary>Adds a piece and gives it back with what is known of its call.</summary>
    public ToolCallDelta Add(ToolCallArgumentsContent piece)
    {
        var call = _calls.Find(c => c.Index == piece.Index);
        if (call is null) _calls.Add(call = new Call(piece.Index));
        call.Id ??= string.IsNullOrEmpty(piece.CallId) ? null : idOf(piece.CallId);
        call.Name ??= piece.Name;
        call.Json.Append(piece.Piece);
        return new ToolCallDelta(call.Id, call.Name, piece.Index, piece.Piece);
    }

    /// <summary>The call came as a whole. Its pieces are known by its id or, where they have none, by its name.</summary>
    public void Close(string? callId, string name)
    {
        var pieces = _calls.Find(c => c.Id is not null && c.Id == callId) ?? _calls.Find(c => c.Id is null && (c.Name is null || c.Name == name));
        if (pieces is not null) _calls.Remove(pieces);
    }

    /// <summary>The calls nobody closed, by index. Empty argument text means an empty object; bad text is carried as the call's exception.</summary>
    public List<AIContent> Complete()
    {
        var complete = _calls.OrderBy(c => c.Index).Select(AIContent (c) => c.Parse()).ToList();
        _calls.Clear();
        return complete;
    }

    private sealed class Call(int index)
    {
        public readonly int Index = index;
        public readonly StringBuilder Json = new();
        public string? Id, Name;

        public FunctionCallContent Parse() => FunctionCallContent.CreateFromParsedArguments(
            Json.ToString(), Id ?? CallIds.New(), Name ?? "", static json => string.IsNullOrWhiteSpace(json)
                ? new Dictionary<string, object?>()
                : JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions) ?? []);
    }
}

/// <summary>Ids for calls that have none of their own.</summary>
internal static class CallIds
{
    public static string New() => "call_" + Guid.NewGuid().ToString("N");
}
