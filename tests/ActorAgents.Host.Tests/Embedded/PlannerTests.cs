using ActorAgents.Host.Providers.Embedded;
using Microsoft.Extensions.AI;
using static ActorAgents.Host.Tests.Embedded.Chats;

namespace ActorAgents.Host.Tests.Embedded;

public sealed class PlannerTests
{
    [Fact]
    public void A_question_for_a_tool_becomes_a_call_after_a_word()
    {
        var plan = Plan(OfferingAll(), User("what is 12*(3+4)?"));

        Assert.Collection(plan.Parts,
            p => Assert.Contains("the calculator tool", Assert.IsType<Saying>(p).Text),
            p => Assert.Equal(("embedded-1", "calculator", "12*(3+4)"), Shape(p)));
    }

    [Fact]
    public void Two_asks_become_two_calls_of_one_response() =>
        Assert.Equal(["embedded-1", "embedded-2"], Plan(OfferingAll(), User("what is 2+2 and what time is it?")).Parts.OfType<Call>().Select(c => c.Id));

    [Fact]
    public void Call_ids_are_new_in_the_conversation() => Assert.Equal("embedded-8", Plan(OfferingAll(),
        User("2+2"), Calls(("embedded-7", "calculator", "expression", "2+2")), Results(("embedded-7", "4")), Assistant("2+2 = 4."), User("3+3")).Parts.OfType<Call>().Single().Id);

    [Fact]
    public void Results_are_told_in_call_order_with_what_was_asked() => Assert.Equal("2+2 = 4. It is noon.", Text(OfferingAll(),
        User("what is 2+2 and what time is it?"),
        Calls(("a", "calculator", "expression", "2+2"), ("b", "clock", "timezone", "UTC")),
        Results(("a", "4"), ("b", "noon"))));

    [Theory]
    [InlineData("Error: Cannot calculate '1/0': division by zero.", "reports an error: Cannot calculate '1/0': division by zero.")]
    [InlineData("Error: Function failed.", "reports an error: Function failed.")]
    [InlineData("cancelled", "was cancelled")]
    [InlineData("Error: cancelled before it started.", "was cancelled")]
    [InlineData("Tool call invocation was rejected by the approver and must not be retried. no", "was not allowed")]
    public void A_result_that_is_an_error_is_told_as_one(string result, string words) =>
        Assert.Contains(words, Text(OfferingAll(), User("1/0"), Calls(("a", "calculator", "expression", "1/0")), Results(("a", result))));

    [Fact]
    public void A_tool_that_was_not_offered_is_not_called()
    {
        var plan = Plan(Offering("clock"), User("what is 2+2?"));

        Assert.False(plan.Calls);
        Assert.Contains("needs the calculator tool, which I was not offered", Text(plan));
    }

    [Fact]
    public void With_the_tool_mode_none_nothing_is_called() =>
        Assert.False(Plan(new ChatOptions { Tools = OfferingAll().Tools, ToolMode = ChatToolMode.None }, User("what time is it?")).Calls);

    [Fact]
    public void A_story_that_was_asked_beside_a_call_comes_with_the_result()
    {
        ChatMessage[] asked = [User("Hello, what is 2+2? And tell me a story about a mill.")];
        var first = Plan(OfferingAll(), asked);
        Assert.StartsWith("Hello! Let me ask", first.Parts.OfType<Saying>().Single().Text);

        var then = Text(OfferingAll(), [.. asked, Calls(("a", "calculator", "expression", "2+2")), Results(("a", "4"))]);
        Assert.StartsWith("2+2 = 4.\n\n", then);
        Assert.Contains("a mill", then);
        Assert.DoesNotContain("Hello!", then);
    }

    [Fact]
    public void Words_that_came_while_a_tool_ran_are_answered_with_its_result()
    {
        var plan = Plan(OfferingAll(),
            User("2+2"), Calls(("embedded-1", "calculator", "expression", "2+2")), Results(("embedded-1", "4")), User("and 3+3?"));

        Assert.StartsWith("2+2 = 4. Let me ask", plan.Parts.OfType<Saying>().Single().Text);
        Assert.Equal(("embedded-2", "calculator", "3+3"), Shape(plan.Parts[^1]));
    }

    [Fact]
    public void A_call_cancelled_in_an_earlier_turn_is_not_brought_up_again() => Assert.Equal("Hello!", Text(OfferingAll(),
        User("run a long task"), Calls(("embedded-1", "long-task", "seconds", 5)), Results(("embedded-1", "cancelled")), User("hello")));

    [Fact]
    public void It_thinks_only_when_asked_to()
    {
        Assert.DoesNotContain(Plan(OfferingAll(), User("what is 2+2?")).Parts, p => p is Thought);

        var plan = Plan(OfferingAll(), User("think: what is 2+2?"));
        Assert.Contains("a call of calculator with expression 2+2", Assert.IsType<Thought>(plan.Parts[0]).Text);
        Assert.IsType<Call>(plan.Parts[^1]);
    }

    [Fact]
    public void A_name_is_remembered_from_the_messages_and_only_from_them()
    {
        Assert.Equal("Your name is Kim: you told me in this conversation.", Text(null, User("my name is Kim"), Assistant("Nice."), User("what is my name?")));
        Assert.Equal("You have not told me your name in this conversation.", Text(null, User("what is my name?")));
    }

    [Fact]
    public void The_newest_name_counts() =>
        Assert.Contains("Robin", Text(null, User("my name is Kim"), Assistant("Nice."), User("call me Robin"), Assistant("Nice."), User("what is my name?")));

    [Fact]
    public void Earlier_words_are_recalled()
    {
        ChatMessage[] talk = [User("first"), Assistant("ok"), User("second"), Assistant("fine")];

        Assert.Equal("Before this you said: “second”", Text(null, [.. talk, User("what did I say before?")]));
        Assert.Equal("The first thing I can see from you is: “first”", Text(null, [.. talk, User("what did I say first?")]));
        Assert.Equal("I said: fine", Text(null, [.. talk, User("what did you say?")]));
        Assert.Equal("This is message 3 from you that I can see in this conversation.", Text(null, [.. talk, User("how many messages?")]));
        Assert.Equal("This is the first thing you say in this conversation.", Text(null, User("what did I say before?")));
    }

    [Fact]
    public void It_is_honest_about_itself_and_shows_its_instructions()
    {
        var text = Text(null, Instructions("You are a patient helper.\nMore."), User("who are you?"));

        Assert.Contains("not a language model", text);
        Assert.Contains("“You are a patient helper.”", text);
    }

    [Fact]
    public void What_it_does_not_understand_it_says_and_suggests_only_what_it_can()
    {
        var text = Text(Offering("clock"), User("explain gravity"));

        Assert.Contains("“explain gravity”", text);
        Assert.Contains("what time is it", text);
        Assert.DoesNotContain("12*(3+4)", text);
    }

    [Fact]
    public void A_storyteller_takes_any_other_prompt_as_a_topic()
    {
        Assert.Contains("a fox and a bear", Text(null, Instructions("You tell stories."), User("a fox and a bear")));
        Assert.Equal("Hello!", Text(null, Instructions("You tell stories."), User("hello")));
    }

    [Fact]
    public void Stories_are_the_same_for_the_same_prompt_and_differ_between_prompts()
    {
        Assert.Equal(Text(null, User("tell me a story")), Text(null, User("tell me a story")));
        Assert.True(Enumerable.Range(0, 20).Select(i => Text(null, User($"tell me a story, number {i}"))).Distinct().Count() > 15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_story_has_as_many_paragraphs_as_asked_and_no_holes(int paragraphs)
    {
        var text = Text(null, User($"tell me a story in {paragraphs} paragraphs"));

        Assert.Equal(paragraphs, text.Split("\n\n").Length);
        Assert.DoesNotContain("{", text);
    }

    [Fact]
    public void Messages_without_text_or_prompt_get_an_answer()
    {
        Assert.Contains("no text", Text(null, new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])));
        Assert.Contains("no text", Text(null, []));
    }

    private static Plan Plan(ChatOptions? options, params ChatMessage[] messages) => Planner.For(Situation.From(messages, options));

    private static string Text(ChatOptions? options, params ChatMessage[] messages) => Text(Plan(options, messages));

    private static string Text(Plan plan) => Assert.IsType<Saying>(Assert.Single(plan.Parts)).Text;

    private static (string Id, string Tool, object? Argument) Shape(PlanPart part)
    {
        var call = Assert.IsType<Call>(part);
        return (call.Id, call.Tool, call.Arguments.Values.Single());
    }
}
