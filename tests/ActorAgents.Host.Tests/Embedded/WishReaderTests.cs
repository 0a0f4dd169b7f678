using ActorAgents.Host.Providers.Embedded;

namespace ActorAgents.Host.Tests.Embedded;

public sealed class WishReaderTests
{
    [Theory]
    [InlineData("what is 12*(3+4)?", "12*(3+4)")]
    [InlineData("What is 12 * (3 + 4)?", "12 * (3 + 4)")]
    [InlineData("add 3 and 5", "3 + 5")]
    [InlineData("Please add 3 to 5.", "3 + 5")]
    [InlineData("the sum of 2.5 and 4", "2.5 + 4")]
    [InlineData("subtract 3 from 10", "10 - 3")]
    [InlineData("multiply 6 by 7", "6 * 7")]
    [InlineData("divide 10 by 4", "10 / 4")]
    [InlineData("3 plus 5 please", "3 + 5")]
    [InlineData("what is 7 times 8?", "7 * 8")]
    [InlineData("10 divided by 4", "10 / 4")]
    [InlineData("2 to the power of 10", "2 ^ 10")]
    [InlineData("calculate -3 + 5.", "-3 + 5")]
    [InlineData("1/0", "1/0")]
    [InlineData("Is it true (that 3+4) is seven?", "3+4")]
    [InlineData("2 + 2", "2 + 2")]
    public void Arithmetic_becomes_a_calculator_call(string prompt, string expression) => Assert.Equal([Calculator(expression)], WishReader.Read(prompt));

    [Theory]
    [InlineData("there are 3 of us")]
    [InlineData("version 2.5 is out")]
    [InlineData("the day 2024-02-29 was a Thursday")]
    [InlineData("my gpt-4 costs - well")]
    [InlineData("a well-known state-of-the-art thing")]
    [InlineData("...")]
    public void Numbers_and_dashes_alone_are_no_arithmetic(string prompt) => Assert.Empty(WishReader.Read(prompt));

    [Theory]
    [InlineData("what time is it?")]
    [InlineData("Tell me the date")]
    [InlineData("what day is it today?")]
    [InlineData("what's today's date")]
    public void A_question_for_the_time_becomes_one_clock_call(string prompt) => Assert.Equal([Clock()], WishReader.Read(prompt));

    [Fact]
    public void Each_place_gets_its_own_clock_call() =>
        Assert.Equal([Clock("Tokyo"), Clock("New York"), Clock("Europe/Berlin")], WishReader.Read("What time is it in Tokyo, New York and in Europe/Berlin?"));

    [Fact]
    public void Two_asks_in_one_prompt_are_two_calls_in_their_order() =>
        Assert.Equal([Calculator("2+2"), Clock(), Calculator("3*3")], WishReader.Read("what is 2+2, what time is it, and what is 3*3?"));

    [Theory]
    [InlineData("run a long task", null)]
    [InlineData("do something slow", null)]
    [InlineData("show me some progress", null)]
    [InlineData("run a long task of 3 seconds", 3)]
    [InlineData("a long-task for 12s", 12)]
    public void A_slow_thing_becomes_a_long_task(string prompt, int? seconds) =>
        Assert.Equal([new UseTool("long-task", seconds is null ? new Dictionary<string, object?>() : new() { ["seconds"] = seconds })], WishReader.Read(prompt));

    [Theory]
    [InlineData("send a message to ops: the build is green", "ops", "the build is green")]
    [InlineData("Send the email to the team saying lunch is ready.", "the team", "lunch is ready")]
    [InlineData("send \"what time is it?\" to the desk", "the desk", "what time is it?")]
    [InlineData("send a message", "the team", "Hello from the embedded model.")]
    public void A_message_becomes_a_call_and_its_words_are_not_read_as_wishes(string prompt, string to, string text) =>
        Assert.Equal([new UseTool("send-message", new Dictionary<string, object?> { ["to"] = to, ["text"] = text })], WishReader.Read(prompt));

    [Fact]
    public void A_message_and_a_question_are_two_calls() =>
        Assert.Equal(["send-message", "clock"], WishReader.Read("send a message to ops and tell me what time is it").OfType<UseTool>().Select(u => u.Tool));

    [Theory]
    [InlineData("tell me a story", null, 6)]
    [InlineData("a short story please", null, 3)]
    [InlineData("Tell me a long story about a clock and what time it showed", "a clock", 12)]
    [InlineData("tell me a tale of two rivers in 9 paragraphs", "two rivers", 9)]
    [InlineData("story about 3+4 lighthouses.", "3+4 lighthouses", 6)]
    [InlineData("a story in 5000 paragraphs", null, 60)]
    public void A_story_has_topic_and_length(string prompt, string? topic, int paragraphs) =>
        Assert.Equal(new TellStory(topic, paragraphs), WishReader.Read(prompt).OfType<TellStory>().Single());

    [Fact]
    public void A_story_about_a_clock_does_not_ask_for_the_time() => Assert.Equal([new TellStory("a clock", 6)], WishReader.Read("tell me a story about a clock"));

    [Theory]
    [InlineData("say [red]boo[/]", "[red]boo[/]")]
    [InlineData("Repeat: what time is it?", "what time is it?")]
    [InlineData("echo two\nlines", "two\nlines")]
    public void Words_to_repeat_are_taken_whole(string prompt, string text) => Assert.Equal([new Repeat(text)], WishReader.Read(prompt));

    [Theory]
    [InlineData("say that again")]
    [InlineData("Repeat that.")]
    [InlineData("what did you just say?")]
    public void Saying_it_again_recalls_the_answer(string prompt) => Assert.Equal([new RecallAnswer()], WishReader.Read(prompt));

    [Theory]
    [InlineData("my name is Kim", "Kim")]
    [InlineData("Hi, call me Kim", "Kim")]
    [InlineData("my name is Kim and I like tea", "Kim")]
    [InlineData("My name is Ana María, hello", "Ana María")]
    public void A_name_is_heard(string prompt, string name) => Assert.Contains(new NameGiven(name), WishReader.Read(prompt));

    public static TheoryData<string, object> Questions => new()
    {
        { "hello", new Greeting() },
        { "Good morning!", new Greeting() },
        { "thank you", new Thanks() },
        { "who are you?", new AboutSelf() },
        { "what can you do?", new Abilities() },
        { "help", new Abilities() },
        { "what is my name?", new NameAsked() },
        { "who am I", new NameAsked() },
        { "what did I say before?", new RecallPrompt(false) },
        { "what did I say first?", new RecallPrompt(true) },
        { "how many messages did I write?", new CountPrompts() },
        { "count to 20", new CountTo(20) },
        { "count to 999999", new CountTo(10_000) },
        { "think about it", new Think() },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_is_understood(string prompt, object wish) => Assert.Equal([(Wish)wish], WishReader.Read(prompt));

    [Theory]
    [InlineData("")]
    [InlineData("quantum chromodynamics, briefly")]
    [InlineData("Это просто текст")]
    public void Other_words_are_no_wish(string prompt) => Assert.Empty(WishReader.Read(prompt));

    private static UseTool Calculator(string expression) => new("calculator", new Dictionary<string, object?> { ["expression"] = expression });

    private static UseTool Clock(string? zone = null) => new("clock", zone is null ? new Dictionary<string, object?>() : new() { ["timezone"] = zone });
}
