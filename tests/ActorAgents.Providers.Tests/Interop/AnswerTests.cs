using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Interop;

public sealed class AnswerTests(MockServer server) : InteropTest(server)
{
    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T81"), Trait("Behaviour", "T82")]
    public async Task An_answer_comes_in_pieces_with_its_reason_and_its_tokens(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var events = await ReadAsync(runtime.Agents["writer", "1"], "say hello");

        var end = End<TurnCompleted>(events);
        Assert.Equal("Hello, world! This is a mock.", end.Text);
        Assert.Equal(ChatFinishReason.Stop, end.FinishReason);
        Assert.True(events.OfType<TextDelta>().Count() > 3);
        if (kind != "ollama") Assert.Equal((11, 7, 18), (end.Usage.InputTokens, end.Usage.OutputTokens, end.Usage.TotalTokens)); // The mock's Ollama counts nothing.
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task An_answer_that_ran_out_of_tokens_says_so(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var end = End<TurnCompleted>(await ReadAsync(runtime.Agents["writer", "1"], "run out of tokens"));

        Assert.Equal("This is only the beg", end.Text);
        // Of Ollama and Responses the mock gives no reason; see WireAnswerTests.
        Assert.Equal(kind is "ollama" or "openai-responses" ? ChatFinishReason.Stop : ChatFinishReason.Length, end.FinishReason);
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task An_answer_is_read_into_a_type(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var place = await runtime.Agents["writer", "1"].RunAsync<Place>("as json");

        Assert.Equal(new Place("Paris", 18), place.Result);
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task The_conversation_goes_with_the_next_request(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithInstructions("Be brief."));
        var agent = runtime.Agents["writer", "1"];

        await ReadAsync(agent, "say hello");
        End<TurnCompleted>(await ReadAsync(agent, "say hello again"));

        var messages = (await JournalAsync())[1].GetProperty("body").GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString());
        Assert.Equal(["system", "user", "assistant", "user"], messages);
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task An_image_goes_with_the_request(string kind)
    {
        await using var runtime = await StartAsync(kind);
        var image = new DataContent(new byte[] { 1, 2, 3, 4, 5, 6 }, "image/png");

        await runtime.Agents["writer", "1"].RunAsync(new ChatMessage(ChatRole.User, [new TextContent("say hello"), image]));

        Assert.Single(await JournalAsync());
    }

    private sealed record Place(string Name, int Degrees);
}
