using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Conversations;

/// <summary>Requests are valid for every provider, whatever the conversation they are built from. A plan of bytes stands for a conversation.</summary>
public sealed class PairingProperties
{
    [Property(MaxTest = 2000), Trait("Behaviour", "T29")]
    public void Each_call_is_answered_once_right_after_it_and_no_result_stands_alone(byte[] plan, byte window)
    {
        var (conversation, turn) = Read(plan);

        ExpectValid(Requests.Messages(null, conversation, window % 6, turn));
    }

    [Property(MaxTest = 500)]
    public void No_reasoning_goes_without_its_signature(byte[] plan)
    {
        var (conversation, turn) = Read(plan);

        var reasoning = Requests.Messages(null, conversation, 50, turn).SelectMany(message => message.Contents).OfType<TextReasoningContent>();

        Assert.All(reasoning, content => Assert.NotNull(content.ProtectedData));
    }

    [Property(MaxTest = 500)]
    public void A_valid_request_is_left_as_it_is(byte[] plan)
    {
        var (conversation, turn) = Read(plan);
        var request = Requests.Messages(null, conversation, 50, turn);

        var again = Requests.Messages(null, Conversation.Empty, 0, request);

        Assert.Equal(request.Select(Shape), again.Select(Shape));
    }

    [Property(MaxTest = 500)]
    public void Text_and_calls_are_never_lost(byte[] plan)
    {
        var (conversation, turn) = Read(plan);
        var said = conversation.Turns.SelectMany(record => record.Messages).Concat(turn);

        Assert.Equal(Kept(said), Kept(Requests.Messages(null, conversation, int.MaxValue, turn)));

        static IEnumerable<AIContent> Kept(IEnumerable<ChatMessage> messages) =>
            messages.SelectMany(message => message.Contents).Where(content => content is TextContent or FunctionCallContent);
    }

    private static void ExpectValid(List<ChatMessage> request)
    {
        var open = new List<string>();
        foreach (var message in request)
        {
            Assert.NotEmpty(message.Contents);
            if (message.Role != ChatRole.Tool) Assert.Empty(open);
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent call) open.Add(call.CallId);
                if (content is FunctionResultContent result) Assert.True(open.Remove(result.CallId), $"Result {result.CallId} stands alone or is doubled.");
            }
        }
        Assert.Empty(open);
    }

    /// <summary>Messages and contents in any order; few ids, so that they repeat, miss and cross.</summary>
    private static (Conversation, ChatMessage[]) Read(byte[] plan)
    {
        var conversation = Conversation.Empty;
        var messages = new List<ChatMessage> { new(ChatRole.User, "start") };
        foreach (var step in plan)
        {
            var id = $"c{step / 12 % 3}";
            switch (step % 12)
            {
                case 0: messages.Add(new(ChatRole.User, $"text {step}")); break;
                case 1: messages.Add(new(ChatRole.Assistant, $"text {step}")); break;
                case 2 or 3: messages.Add(new(ChatRole.Assistant, [new FunctionCallContent(id, "look")])); break;
                case 4: messages.Add(new(ChatRole.Assistant, [new TextContent("see"), new FunctionCallContent(id, "look"), new FunctionCallContent("d", "look")])); break;
                case 5 or 6: messages.Add(new(ChatRole.Tool, [new FunctionResultContent(id, "ok")])); break;
                case 7: messages.Add(new(ChatRole.Tool, [new FunctionResultContent("d", "ok"), new FunctionResultContent(id, "ok")])); break;
                case 8: messages.Add(new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent(id, "look")])); break;
                case 9: messages.Add(new(ChatRole.Assistant, [new TextReasoningContent("hm") { ProtectedData = "signed" }, new TextContent("so")])); break;
                case 10: messages.Add(new(ChatRole.Assistant, [new FunctionCallContent("server", "look"), new FunctionResultContent("server", "ok")])); break;
                default:
                    conversation = conversation.Append(new(TurnId.New(), TurnState.Completed, [.. messages], 1));
                    messages = [new(ChatRole.User, "next")];
                    break;
            }
        }
        return (conversation, [.. messages]);
    }

    private static string Shape(ChatMessage message) =>
        $"{message.Role.Value}({string.Join(",", message.Contents.Select(content => content switch
        {
            FunctionCallContent call => $"call {call.CallId}",
            FunctionResultContent result => $"result {result.CallId}",
            _ => content.ToString(),
        }))})";
}
