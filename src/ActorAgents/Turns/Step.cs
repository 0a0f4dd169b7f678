using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>How far a step is.</summary>
internal enum StepProgress { Given, Waiting, Over }

/// <summary>One provider call of a turn: reads its updates, one content at a time, into events, calls and the record. Touched by the turn's owner only.</summary>
internal sealed class Step
{
    private readonly Turn _turn;
    private readonly List<ChatMessage> _request;
    private readonly ChatOptions _options;
    private readonly ProviderCall _call;
    private StepRecorder _recorder;
    private CallPieces? _pieces;
    private Dictionary<string, string>? _renamed;
    private IList<AIContent>? _contents;
    private int _index;
    private bool _providerEnded;
    private bool _gaveReport;
    private bool _closed;

    public Step(Turn turn, List<ChatMessage> request, ChatOptions options, ProviderCall call, int textStart, Activity? activity)
    {
        (_turn, _request, _options, _call, Activity) = (turn, request, options, call, activity);
        _recorder = new StepRecorder(textStart);
    }

    /// <summary>One that was over in another process, but for its calls.</summary>
    public Step(Turn turn, ToolRound tools, ChatFinishReason? finishReason)
    {
        (_turn, _request, _options, _call) = (turn, [], null!, null!); // Its provider is not called any more.
        (Tools, FinishReason, _closed) = (tools, finishReason, true);
    }

    public Activity? Activity { get; }
    public ToolRound? Tools { get; private set; }
    public TokenUsage Usage { get; private set; } = TokenUsage.None;
    public ChatFinishReason? FinishReason { get; private set; }
    public string? ConversationId { get; private set; }
    public Exception? Failure => _call.Failure;

    /// <summary>Whether anything was delivered or started, after which the request is not repeated.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>The response ended and everything in it was given, or the provider failed.</summary>
    public bool IsOver { get; private set; }

    private TurnLoop Loop => _turn.Loop;

    /// <summary>What comes next: a piece of text, of which not every reader needs an event, or another event. Neither when nothing is given.</summary>
    public StepProgress Advance(out string? piece, out TurnEvent? next)
    {
        (piece, next) = (null, null);
        while (true)
        {
            if (Tools is not null && (next = TakeNews()) is not null) return StepProgress.Given;
            if (_contents is not null)
            {
                if (_index < _contents.Count)
                {
                    if (Take(_contents[_index++], out piece, out next)) return StepProgress.Given;
                    continue;
                }
                _contents = null;
            }
            if (_providerEnded)
            {
                IsOver = true;
                return StepProgress.Over;
            }
            switch (Pull())
            {
                case Pulled.Nothing:
                    next = Tools?.TakeReport();
                    return next is null ? StepProgress.Waiting : StepProgress.Given;
                case Pulled.Failed:
                    IsOver = true;
                    return StepProgress.Over;
                case Pulled.Update:
                    var contents = Accept(_call.Current);
                    if (contents.Count != 1) { (_contents, _index) = (contents, 0); break; }
                    if (!Take(contents[0], out piece, out next)) break; // Nearly every update has one content.
                    return StepProgress.Given;
                case Pulled.End:
                    _providerEnded = true;
                    Close();
                    // Calls of an answer that was cut are not run: nobody knows what else it would have said.
                    if (Loop.IsWhole(this) && _pieces?.Complete() is { Count: > 0 } calls) (_contents, _index) = (calls, 0);
                    break;
            }
        }
    }

    /// <summary>Lets the provider go. Harmless when it has gone.</summary>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _call.Close(completed: _providerEnded || _call.Failure is not null);
    }

    /// <summary>Adds what the step said to the turn's messages.</summary>
    public void Record(List<ChatMessage> messages) => _recorder.End(ref _turn.Text, messages);

    /// <summary>Tools and the provider take turns, so that neither hides the other from a slow reader.</summary>
    private TurnEvent? TakeNews()
    {
        if (Tools!.TakeStart(Loop.MayStartTools) is { } started) return started;
        if (_gaveReport) { _gaveReport = false; return null; }
        if (Tools.TakeReport() is not { } report) return null;
        _gaveReport = true;
        return report;
    }

    private Pulled Pull()
    {
        if (Activity is null) return _call.Pull(_request, _options);
        var outer = Activity.Current; // The provider's own spans belong under this step.
        Activity.Current = Activity;
        try { return _call.Pull(_request, _options); }
        finally { Activity.Current = outer; }
    }

    private IList<AIContent> Accept(ChatResponseUpdate update)
    {
        _recorder.OnUpdate(update, ref _turn.Text);
        if (update.FinishReason is { } reason) FinishReason = reason;
        if (update.ConversationId is { } id) ConversationId = id;
        return update.Contents;
    }

    private bool Take(AIContent content, out string? piece, out TurnEvent? next)
    {
        (piece, next) = (null, null);
        if (content is TextContent said) piece = PieceOf(said); else next = EventOf(content);
        if (piece is null && next is null) return false;
        if (!HasOutput) FirstOutput();
        return true;
    }

    private string? PieceOf(TextContent content)
    {
        if (content.Text is not { Length: > 0 } piece) return null;
        _recorder.OnText(ref _turn.Text);
        _turn.Append(piece);
        return piece;
    }

    private TurnEvent? EventOf(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                _recorder.OnReasoning(reasoning, ref _turn.Text);
                if (string.IsNullOrEmpty(reasoning.Text)) return null;
                Loop.OtherGrew(reasoning.Text.Length);
                return new ReasoningDelta(reasoning.Text);
            case UsageContent usage:
                Usage = Usage.Plus(TokenUsage.From(usage.Details));
                return null;
            case ToolCallArgumentsContent piece:
                Loop.OtherGrew(piece.Piece.Length);
                return (_pieces ??= new CallPieces(IdOf)).Add(piece);
            case FunctionCallContent call:
                return TakeCall(call);
            case FunctionResultContent result:
                if (_renamed is not null && _renamed.TryGetValue(result.CallId, out var id))
                    result = new FunctionResultContent(id, result.Result) { Exception = result.Exception, AdditionalProperties = result.AdditionalProperties, Annotations = result.Annotations };
                _recorder.OnContent(result, ref _turn.Text);
                TakeResult(result);
                return null;
            case DataContent data:
                _recorder.OnContent(data, ref _turn.Text);
                return new ContentAdded(data.MediaType, data.Data);
            case UriContent uri:
                _recorder.OnContent(uri, ref _turn.Text);
                return new ContentAdded(uri.MediaType, default, uri.Uri);
            case ErrorContent error:
                _recorder.OnContent(error, ref _turn.Text);
                return new ContentAdded("text/plain", Encoding.UTF8.GetBytes(error.Message ?? ""));
            default:
                _recorder.OnContent(content, ref _turn.Text);
                return null;
        }
    }

    private TurnEvent? TakeCall(FunctionCallContent call)
    {
        var id = IdOf(call.CallId);
        if (Tools?.Find(id) is not null) return null; // The same call, repeated.
        _pieces?.Close(id, call.Name);
        if (id != call.CallId)
        {
            call = new FunctionCallContent(id, call.Name, call.Arguments)
                { Exception = call.Exception, InformationalOnly = call.InformationalOnly, AdditionalProperties = call.AdditionalProperties, Annotations = call.Annotations };
        }
        _recorder.OnContent(call, ref _turn.Text);
        if (call.InformationalOnly) return null;
        if (!HasOutput) FirstOutput();
        Tools ??= Loop.NewRound(Activity);
        return Loop.Dispatch(Tools, call);
    }

    /// <summary>A call has an id that no other of its turn has: some providers give none, others number the calls of each response anew.</summary>
    private string IdOf(string given)
    {
        if (string.IsNullOrEmpty(given)) return CallIds.New();
        if (_renamed is not null && _renamed.TryGetValue(given, out var own)) return own;
        if (!Loop.HasCalled(given)) return given;
        var number = 2;
        do own = $"{given}_{number++}"; // Of characters that every provider takes.
        while (Loop.HasCalled(own) || Tools?.Find(own) is not null);
        return (_renamed ??= [])[given] = own;
    }

    private void TakeResult(FunctionResultContent result)
    {
        if (Tools?.Find(result.CallId) is not { } run) return;
        run.RanAtProvider = true;
        run.TryFinish(new ToolResult(ToolOutcome.Succeeded, result.Result?.ToString() ?? "", result));
        run.Cancel();
    }

    private void FirstOutput()
    {
        HasOutput = true;
        Loop.FirstOutput();
    }
}
