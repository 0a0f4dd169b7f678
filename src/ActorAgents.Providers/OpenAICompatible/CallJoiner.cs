using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>
/// Joins the pieces of tool calls, and closes each call once. A call is closed when the next begins, if its arguments are complete by then, and otherwise
/// with the answer. Pieces find their call by <c>index</c>, or else by <c>id</c>, or else belong to the last one.
/// </summary>
internal sealed class CallJoiner
{
    private readonly List<Call> _calls = [];
    private int _open;

    public bool HasOpen => _open > 0;

    /// <summary>Adds what the piece gives a reader: itself, and before it the call that it shows to be complete.</summary>
    public void Add(in CallPiece piece, List<AIContent> into)
    {
        var call = Find(piece);
        if (call is null || IsOther(call, piece)) call = Begin(piece, into);
        if (call.IsClosed) return; // Nothing can follow complete arguments.
        call.Name ??= piece.Name;
        call.Json.Append(piece.Arguments);
        into.Add(new ToolCallArgumentsContent(call.Id, call.Name, call.Ordinal, piece.Arguments));
    }

    public void CloseAll(List<AIContent> into)
    {
        foreach (var call in _calls)
            if (!call.IsClosed) Close(call, call.Parse(), into);
    }

    private Call? Find(in CallPiece piece)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
            if (piece.Index is not null ? _calls[i].Index == piece.Index : piece.Id is not null && _calls[i].SentId == piece.Id) return _calls[i];
        return piece.Index is null && piece.Name is null && _calls.Count > 0 ? _calls[^1] : null;
    }

    /// <summary>
    /// Some servers number every call 0, others make up a new id for every piece: only both an id and a name make a piece another call's, or a name alone
    /// where nothing can follow in the call at hand.
    /// </summary>
    private static bool IsOther(Call call, in CallPiece piece) =>
        piece.Name is not null && (piece.Id is null ? call.IsComplete : piece.Id != call.SentId);

    private Call Begin(in CallPiece piece, List<AIContent> into)
    {
        if (_calls is [.., { IsClosed: false } last] && last.Json.Length > 0 && last.Parse() is { Exception: null } parsed) Close(last, parsed, into);
        var isTaken = piece.Id is null;
        foreach (var other in _calls) isTaken |= other.Id == piece.Id;
        var call = new Call(_calls.Count, piece.Index, piece.Id, isTaken ? $"call_{Guid.NewGuid():N}" : piece.Id!);
        _calls.Add(call);
        _open++;
        return call;
    }

    private void Close(Call call, FunctionCallContent parsed, List<AIContent> into)
    {
        call.IsClosed = true;
        _open--;
        into.Add(parsed);
    }

    private sealed class Call(int ordinal, long? index, string? sentId, string id)
    {
        public readonly int Ordinal = ordinal;
        public readonly long? Index = index;
        public readonly string? SentId = sentId;
        public readonly string Id = id;
        public readonly StringBuilder Json = new();
        public string? Name;
        public bool IsClosed;

        /// <summary>Whether it has all that a call has. Parsed only where that can be, for servers may repeat the name with every piece.</summary>
        public bool IsComplete => Name is not null && EndsObject && Parse().Exception is null;

        private bool EndsObject
        {
            get
            {
                var last = Json.Length - 1;
                while (last >= 0 && char.IsWhiteSpace(Json[last])) last--;
                return last >= 0 && Json[last] == '}';
            }
        }

        /// <summary>No arguments are an empty object; arguments that are not JSON are carried as the call's exception.</summary>
        public FunctionCallContent Parse() => FunctionCallContent.CreateFromParsedArguments(Json.ToString(), Id, Name ?? "", static json =>
            string.IsNullOrWhiteSpace(json) ? new Dictionary<string, object?>() : JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions) ?? []);
    }
}
