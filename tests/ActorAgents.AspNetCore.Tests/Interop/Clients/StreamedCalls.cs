using System.Text;
using OpenAI.Chat;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>Calls put together from the pieces that the SDK gives, by their index.</summary>
internal sealed class StreamedCalls
{
    private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> _calls = [];

    public void Add(IEnumerable<StreamingChatToolCallUpdate> updates)
    {
        foreach (var update in updates)
        {
            if (!_calls.TryGetValue(update.Index, out var call)) _calls[update.Index] = call = (update.ToolCallId, update.FunctionName, new());
            call.Arguments.Append(update.FunctionArgumentsUpdate);
        }
    }

    public List<ChatToolCall> ToList() =>
        [.. _calls.Values.Select(call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments.ToString())))];
}
