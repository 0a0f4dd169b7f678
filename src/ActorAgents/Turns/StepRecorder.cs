using System.Text;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Turns the contents of one response, as they are delivered, into the messages the conversation will keep.</summary>
internal struct StepRecorder
{
    private List<ChatMessage>? _messages;
    private List<AIContent>? _contents;
    private StringBuilder? _reasoning;
    private string? _signature;
    private ChatRole _role;
    private string? _messageId;
    private int _textStart;

    public StepRecorder(int textStart) => (_textStart, _role) = (textStart, ChatRole.Assistant);

    /// <summary>A change of role or message id starts a further message.</summary>
    public void OnUpdate(ChatResponseUpdate update, ref TurnText text)
    {
        if (update.Role is { } role && role != _role)
        {
            EndMessage(ref text);
            _role = role;
        }
        if (update.MessageId is not { } id || id == _messageId) return;
        if (_messageId is not null) EndMessage(ref text);
        _messageId = id;
    }

    /// <summary>Before the text is appended.</summary>
    public void OnText(ref TurnText text)
    {
        if (_reasoning is not null) EndReasoning();
    }

    public void OnReasoning(TextReasoningContent content, ref TurnText text)
    {
        EndText(ref text);
        (_reasoning ??= new StringBuilder()).Append(content.Text);
        if (content.ProtectedData is null) return;
        _signature = content.ProtectedData;
        EndReasoning(); // Its signature closes a block of reasoning.
    }

    public void OnContent(AIContent content, ref TurnText text)
    {
        EndReasoning();
        EndText(ref text);
        (_contents ??= []).Add(content);
    }

    /// <summary>The messages of the step, without empty ones.</summary>
    public void End(ref TurnText text, List<ChatMessage> into)
    {
        EndMessage(ref text);
        if (_messages is not null) into.AddRange(_messages);
        _messages = null;
    }

    private void EndMessage(ref TurnText text)
    {
        EndReasoning();
        EndText(ref text);
        if (_contents is not null) (_messages ??= []).Add(new ChatMessage(_role, _contents) { MessageId = _messageId });
        _contents = null;
        _messageId = null;
    }

    private void EndText(ref TurnText text)
    {
        if (text.Length == _textStart) return;
        (_contents ??= new List<AIContent>(1)).Add(new TextContent(text.Slice(_textStart)));
        _textStart = text.Length;
    }

    private void EndReasoning()
    {
        if (_reasoning is null) return;
        (_contents ??= []).Add(new TextReasoningContent(_reasoning.ToString()) { ProtectedData = _signature });
        (_reasoning, _signature) = (null, null);
    }
}
