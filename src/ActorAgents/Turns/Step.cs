using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>How far a step is.</summary>
internal enum StepProgress { Event, Waiting, Ended, Failed }

/// <summary>One provider call of a turn: reads its updates, one content at a time, into events, calls and the record. Touched by the turn's owner only.</summary>
internal sealed class Step
{
    private readonly TurnLoop _loop;
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

    public Step(TurnLoop loop, List<ChatMessage> request, ChatOptions options, ProviderCall call, int textStart, Activity? activity)
    {
        (_loop, _request, _options, _call, Activity) = (loop, request, options, call, activity);
        _recorder = new StepRecorder(textStart);
    }

    /// <summary>One that was over in another process, but for its calls.</summary>
    public Step(TurnLoop loop, ToolRound tools, ChatFinishReason? finishReason)
    {
        (_loop, _request, _options, _call) = (loop, [], null!, null!); // Its provider is not called any more.
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

    /// <summary>The next event, or how far the step is. <paramref name="text"/> is the turn's.</summary>
    public StepProgress Advance(ref TurnText text, out TurnEvent? next)
    {
        while (true)
        {
            if (Tools is not null && TakeNews() is { } news)
            {
                next = news;
                return StepProgress.Event;
            }
            if (_contents is not null)
            {
                if (_index < _contents.Count)
                {
                    if ((next = Take(_contents[_index++], ref text)) is null) continue;
                    return StepProgress.Event;
                }
                _contents = null;
            }
            next = null;
            if (_providerEnded) return StepProgress.Ended;
            switch (Pull())
            {
                case Pulled.Nothing:
                    next = Tools?.TakeReport();
                    return next is null ? StepProgress.Waiting : StepProgress.Event;
                case Pulled.Failed: return StepProgress.Failed;
                case Pulled.Update:
                    var contents = Accept(_call.Current, ref text);
                    if (contents.Count != 1) { (_contents, _index) = (contents, 0); break; }
                    if ((next = Take(contents[0], ref text)) is null) break; // Nearly every update has one content.
                    return StepProgress.Event;
                case Pulled.End:
                    _providerEnded = true;
                    Close();
                    // Calls of an answer that was cut are not run: nobody knows what else it would have said.
                    if (_loop.IsWhole(this) && _pieces?.Complete() is { Count: > 0 } calls) (_contents, _index) = (calls, 0);
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
    public void Record(ref TurnText text, List<ChatMessage> messages) => _recorder.End(ref text, messages);

    /// <summary>Tools and the provider take turns, so that neither hides the other from a slow reader.</summary>
    private TurnEvent? TakeNews()
    {
        if (Tools!.TakeStart(_loop.MayStartTools) is { } started) return started;
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

    private IList<AIContent> Accept(ChatResponseUpdate update, ref TurnText text)
    {
        _recorder.OnUpdate(update, ref text);
        if (update.FinishReason is { } reason) FinishReason = reason;
        if (update.ConversationId is { } id) ConversationId = id;
        return update.Contents;
    }

    private TurnEvent? Take(AIContent content, ref TurnText text)
    {
        var next = EventOf(content, ref text);
        if (next is not null && !HasOutput) FirstOutput();
        return next;
    }

    private TurnEvent? EventOf(AIContent content, ref TurnText text)
    {
        switch (content)
        {
            case TextContent { Text: { Length: > 0 } piece }:
                _recorder.OnText(ref text);
                text.Append(piece);
                _loop.TextGrew(text.Length);
                return _loop.Delta(piece);
            case TextContent:
                return null;
            case TextReasoningContent reasoning:
                _recorder.OnReasoning(reasoning, ref text);
                if (string.IsNullOrEmpty(reasoning.Text)) return null;
                _loop.OtherGrew(reasoning.Text.Length);
                return new ReasoningDelta(reasoning.Text);
            case UsageContent usage:
                Usage = Usage.Plus(TokenUsage.From(usage.Details));
                return null;
            case ToolCallArgumentsContent piece:
                _loop.OtherGrew(piece.Piece.Length);
                return (_pieces ??= new CallPieces(IdOf)).Add(piece);
            case FunctionCallContent call:
                return TakeCall(call, ref text);
            case FunctionResultContent result:
                if (_renamed is not null && _renamed.TryGetValue(result.CallId, out var id))
                    result = new FunctionResultContent(id, result.Result) { Exception = result.Exception, AdditionalProperties = result.AdditionalProperties, Annotations = result.Annotations };
                _recorder.OnContent(result, ref text);
                TakeResult(result);
                return null;
            case DataContent data:
                _recorder.OnContent(data, ref text);
                return new ContentAdded(data.MediaType, data.Data);
            case UriContent uri:
                _recorder.OnContent(uri, ref text);
                return new ContentAdded(uri.MediaType, default, uri.Uri);
            case ErrorContent error:
                _recorder.OnContent(error, ref text);
                return new ContentAdded("text/plain", Encoding.UTF8.GetBytes(error.Message ?? ""));
            default:
                _recorder.OnContent(content, ref text);
                return null;
        }
    }

    private TurnEvent? TakeCall(FunctionCallContent call, ref TurnText text)
    {
        var id = IdOf(call.CallId);
        if (Tools?.Find(id) is not null) return null; // The same call, repeated.
        _pieces?.Close(id, call.Name);
        if (id != call.CallId)
        {
            call = new FunctionCallContent(id, call.Name, call.Arguments)
                { Exception = call.Exception, InformationalOnly = call.InformationalOnly, AdditionalProperties = call.AdditionalProperties, Annotations = call.Annotations };
        }
        _recorder.OnContent(call, ref text);
        if (call.InformationalOnly) return null;
        if (!HasOutput) FirstOutput();
        Tools ??= _loop.NewRound(Activity);
        return _loop.Dispatch(Tools, call);
    }

    /// <summary>A call has an id that no other of its turn has: some providers give none, others number the calls of each response anew.</summary>
    private string IdOf(string given)
    {
        if (string.IsNullOrEmpty(given)) return CallIds.New();
        if (_renamed is not null && _renamed.TryGetValue(given, out var own)) return own;
        if (!_loop.HasCalled(given)) return given;
        var number = 2;
        do own = $"{given}_{number++}"; // Of characters that every provider takes.
        while (_loop.HasCalled(own) || Tools?.Find(own) is not null);
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
        _loop.FirstOutput();
    }
}
