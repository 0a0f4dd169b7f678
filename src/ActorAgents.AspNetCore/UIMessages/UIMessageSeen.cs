using System.Text;

namespace ActorAgents.AspNetCore;

/// <summary>What a client has of a step, which its connection may have cut anywhere: told by how much it has of each sort, since what it has is a beginning.</summary>
/// <param name="text">Characters.</param>
/// <param name="reasoning">Characters.</param>
internal sealed class UIMessageSeen(int text, int reasoning, int files, IEnumerable<UIMessageSeen.Call> calls)
{
    private readonly Dictionary<string, Call> _calls = calls.GroupBy(call => call.Id).ToDictionary(same => same.Key, same => same.Last());
    private int _text = text, _reasoning = reasoning, _files = files;

    /// <param name="Id">As the client has it.</param>
    internal sealed record Call(string Id, string State, bool IsPreliminary, string? Request)
    {
        public bool HasOutput => State.StartsWith("output-", StringComparison.Ordinal);
    }

    /// <summary>Whether the client has all that is shown of the event. Ask it for each event of the step in order, up to the first that it does not have.</summary>
    /// <param name="ids">Those of the calls up to there.</param>
    public bool Has(TurnEvent next, ShownCallIds ids) => next switch
    {
        TextDelta delta => (_text -= delta.Text.Length) >= 0,
        ReasoningDelta delta => (_reasoning -= delta.Text.Length) >= 0,
        ContentAdded { MediaType: "text/plain", Uri: null } said => (_text -= Encoding.UTF8.GetCharCount(said.Data.Span)) >= 0,
        ContentAdded => --_files >= 0,
        ToolCallDelta { CallId: { } id } => Find(id, ids) is not null,
        ApprovalRequested asked => Find(asked.CallId, ids)?.Request == asked.RequestId,
        ToolStarted started => Find(started.CallId, ids) is not null,
        ToolProgress progress => Find(progress.CallId, ids) is { HasOutput: true },
        ToolFinished finished => Find(finished.CallId, ids) is { HasOutput: true, IsPreliminary: false },
        TerminalEvent => false,
        _ => true,
    };

    /// <summary>Whether the client has the whole input of a call.</summary>
    public bool HasInputOf(string callId) => _calls.TryGetValue(callId, out var call) && call.State != "input-streaming";

    /// <summary>A call of the step: one that is shown already, or one that would be next.</summary>
    private Call? Find(string id, ShownCallIds ids) => _calls.GetValueOrDefault(ids.Following(id)) ?? _calls.GetValueOrDefault(ids.Last(id));
}
