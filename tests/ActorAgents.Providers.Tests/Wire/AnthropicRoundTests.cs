using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class AnthropicRoundTests : WireTest
{
    [Fact, Trait("Behaviour", "T81")]
    public async Task Thoughts_text_and_calls_arrive_and_results_go_back_as_blocks_of_the_user()
    {
        string[] first =
        [
            Frames.MessageStart("""{"input_tokens":10,"output_tokens":1}"""),
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"I must "}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"look."}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"signed=="}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"One moment. "}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"where\":"}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"up\"}"}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":20}}""",
            """{"type":"message_stop"}""",
        ];
        var answers = new Queue<string[]>([first, [.. Frames.Text("anthropic", "Stars."), .. Frames.End("anthropic", full: false)]]);
        await using var server = new WireServer(async request =>
        {
            await request.BeginAsync("anthropic");
            foreach (var frame in answers.Dequeue()) await request.SendAsync("anthropic", frame);
        });
        await using var runtime = await StartAsync(server.Options("anthropic"), a => a.WithTool(AIFunctionFactory.Create((string where) => $"{where}: stars", "look")));

        var events = await ReadAsync(runtime);

        Assert.Equal("I must look.", string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)));
        Assert.Equal(["""{"where":""", "\"up\"}"], events.OfType<ToolCallDelta>().Select(delta => delta.Piece));
        Assert.Equal([ChatFinishReason.ToolCalls, ChatFinishReason.Stop], events.OfType<StepFinished>().Select(step => step.FinishReason));
        Assert.Equal("One moment. Stars.", Assert.IsType<TurnCompleted>(events[^1]).Text);
        var second = server.Requests[1].Body;
        Assert.Equal(1, second.GetProperty("tools").GetArrayLength());
        Assert.False(second.TryGetProperty("tool_choice", out var choice) && choice.GetProperty("type").GetString() is "any" or "tool");
        var messages = second.GetProperty("messages");
        Assert.Equal(["thinking", "text", "tool_use"], messages[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("signed==", messages[1].GetProperty("content")[0].GetProperty("signature").GetString());
        Assert.Equal("user", messages[2].GetProperty("role").GetString());
        Assert.Equal(("tool_result", "toolu_1"), (messages[2].GetProperty("content")[0].GetProperty("type").GetString(), messages[2].GetProperty("content")[0].GetProperty("tool_use_id").GetString()));
    }
}
