using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Conversations;

/// <summary>What a request makes of calls and results that do not match.</summary>
public sealed class PairingTests
{
    [Fact]
    public void A_call_without_a_result_gets_one_right_after_it()
    {
        var request = Request([User("a"), Assistant(Call("1"), Call("2")), Tool(Result("1")), User("b")]);

        Assert.Equal(["user", "assistant", "tool", "tool", "user"], request.Select(message => message.Role.Value));
        var filled = Assert.IsType<FunctionResultContent>(Assert.Single(request[3].Contents));
        Assert.Equal(("2", "Error: no result was given."), (filled.CallId, filled.Result));
    }

    [Fact]
    public void A_call_at_the_very_end_is_answered_too()
    {
        var request = Request([User("a"), Assistant(Call("1"))]);

        Assert.Equal("1", Assert.IsType<FunctionResultContent>(Assert.Single(request[^1].Contents)).CallId);
    }

    [Fact]
    public void Results_that_the_next_input_brings_close_the_open_calls_of_the_turn_before()
    {
        var earlier = Conversation.Empty.Append(Turn(User("a"), Assistant(Call("1"), Call("2"))));

        var request = Requests.Messages(null, earlier, 50, [Tool(Result("2", "two"), Result("1", "one")), User("and?")]);

        Assert.Equal(["user", "assistant", "tool", "user"], request.Select(message => message.Role.Value));
        Assert.Equal(["two", "one"], request[2].Contents.OfType<FunctionResultContent>().Select(result => result.Result));
    }

    [Fact]
    public void The_results_of_a_response_of_several_messages_are_brought_before_the_next_of_them()
    {
        var request = Request([User("a"), Assistant(Call("1")), Assistant(Call("2"), new TextContent("So.")), Tool(Result("1", "one"), Result("2", "two")), User("b")]);

        Assert.Equal(["user", "assistant", "tool", "assistant", "tool", "user"], request.Select(message => message.Role.Value));
        Assert.Equal([("1", "one"), ("2", "two")], request.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => (result.CallId, (string)result.Result!)));
    }

    [Fact]
    public void A_result_without_its_call_is_left_out_and_so_is_a_message_it_leaves_empty()
    {
        var request = Request([User("a"), Tool(Result("9")), Assistant(Call("1")), Tool(Result("1"), Result("8")), User("b")]);

        Assert.Equal(["user", "assistant", "tool", "user"], request.Select(message => message.Role.Value));
        Assert.Equal("1", Assert.IsType<FunctionResultContent>(Assert.Single(request[2].Contents)).CallId);
    }

    [Fact]
    public void A_doubled_result_is_sent_once()
    {
        var request = Request([Assistant(Call("1")), Tool(Result("1", "first")), Tool(Result("1", "second")), User("b")]);

        Assert.Equal("first", request.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result);
    }

    [Fact]
    public void A_call_that_the_provider_handled_keeps_its_result_in_the_same_message()
    {
        var handled = Assistant(Call("1"), Result("1", "found"), new TextContent("So."));

        Assert.Equal(3, Request([User("a"), handled, User("b")])[1].Contents.Count);
    }

    [Fact]
    public void A_call_that_is_only_information_keeps_its_result_and_gets_none_made_up()
    {
        var shown = Call("1");
        shown.InformationalOnly = true;
        var alone = Call("2");
        alone.InformationalOnly = true;

        var request = Request([User("a"), Assistant(shown), Tool(Result("1", "found")), Assistant(alone), User("b")]);

        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], request.Select(message => message.Role.Value));
        Assert.Equal("found", Assert.IsType<FunctionResultContent>(Assert.Single(request[2].Contents)).Result);
    }

    [Fact]
    public void Reasoning_is_sent_with_its_signature_or_not_at_all()
    {
        var signed = new TextReasoningContent("because") { ProtectedData = "signature" };

        var request = Request([User("a"), Assistant(new TextReasoningContent("hm"), signed, new TextContent("So.")), Assistant(new TextReasoningContent("hm")), User("b")]);

        Assert.Equal(3, request.Count);
        Assert.Equal([signed, request[1].Contents[1]], request[1].Contents);
    }

    [Fact]
    public void What_has_no_calls_is_sent_as_the_same_messages()
    {
        ChatMessage[] plain = [User("a"), Assistant(new TextContent("b")), User("c")];

        Assert.Equal(plain, Request(plain));
    }

    [Fact]
    public void Repairing_a_request_does_not_touch_the_history()
    {
        var message = Assistant(new TextReasoningContent("hm"), Call("1"));

        Request([message]);

        Assert.Equal(2, message.Contents.Count);
    }

    private static List<ChatMessage> Request(params ChatMessage[] turn) => Requests.Messages(null, Conversation.Empty, 50, turn);
    private static TurnRecord Turn(params ChatMessage[] messages) => new(TurnId.New(), TurnState.Completed, [.. messages], 1);
    private static ChatMessage User(string text) => new(ChatRole.User, text);
    private static ChatMessage Assistant(params AIContent[] contents) => new(ChatRole.Assistant, contents);
    private static ChatMessage Tool(params AIContent[] contents) => new(ChatRole.Tool, contents);
    private static FunctionCallContent Call(string id) => new(id, "look");
    private static FunctionResultContent Result(string id, string result = "ok") => new(id, result);
}
