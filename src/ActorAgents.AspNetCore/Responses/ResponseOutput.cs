using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// What a response has said so far, in items. They are named by turn and number, so that however often a response is shown they are the same. Text of one step
/// is one item unless something else comes between.
/// </summary>
internal sealed class ResponseOutput(TurnId turn)
{
    private readonly List<ResponseItem> _items = [];

    public IReadOnlyList<ResponseItem> Items => _items;

    /// <summary>The message or thought that goes on.</summary>
    public ResponseItem? Open { get; private set; }

    public ResponseItem Begin(ItemKind kind, string callId = "", string tool = "")
    {
        var prefix = Prefix(kind);
        var item = new ResponseItem(kind, _items.Count, JsonEncodedText.Encode($"{prefix}_{turn}_{_items.Count(item => Prefix(item.Kind) == prefix)}"), callId, tool);
        _items.Add(item);
        if (kind != ItemKind.Call) Open = item;
        return item;
    }

    public ResponseItem Call(string callId) => _items.FindLast(item => item.Kind == ItemKind.Call && item.CallId == callId)!;

    public void Close(string status = "completed")
    {
        Open?.End(status);
        Open = null;
    }

    private void Add(ItemKind kind, string text)
    {
        if (text.Length == 0) return;
        if (Open?.Kind != kind)
        {
            Close();
            Begin(kind);
        }
        Open!.Append(text);
    }

    /// <summary>Adds what a kept message says.</summary>
    /// <param name="isOpen">Whether a call is the caller's to run; others are not shown.</param>
    public void Add(ChatMessage message, Func<string, bool> isOpen)
    {
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text: Add(ItemKind.Message, text.Text); break;
                case ErrorContent refusal: Add(ItemKind.Refusal, refusal.Message); break;
                case TextReasoningContent reasoning: Add(ItemKind.Reasoning, reasoning.Text); break;
                case FunctionCallContent call when isOpen(call.CallId):
                    AddCall(call.CallId, call.Name, ToolArguments.Of(call));
                    break;
            }
        }
    }

    private void AddCall(string callId, string tool, IReadOnlyDictionary<string, object?> arguments)
    {
        Close();
        var call = Begin(ItemKind.Call, callId, tool);
        call.Append(ToolArguments.ToText(arguments));
        call.End("completed");
    }

    private static string Prefix(ItemKind kind) => kind switch { ItemKind.Message or ItemKind.Refusal => "msg", ItemKind.Reasoning => "rs", _ => "fc" };

    /// <summary>Whatever is not whole will not be.</summary>
    public void Cut()
    {
        Open = null;
        foreach (var item in _items) item.End("incomplete");
    }
}
