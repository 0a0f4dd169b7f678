using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class ReasoningTests : WireTest
{
    [Fact, Trait("Behaviour", "T81")]
    public async Task Redacted_thoughts_go_back_as_such()
    {
        await using var server = WireServer.Streaming("anthropic", [
            Frames.MessageStart("""{"input_tokens":1,"output_tokens":1}"""),
            """{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"hidden=="}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"Yes."}}""",
            .. Frames.End("anthropic", full: false)]);
        await using var runtime = await StartAsync(server.Options("anthropic"));

        await ReadAsync(runtime);
        await ReadAsync(runtime, "Why?");

        var assistant = server.Requests[1].Body.GetProperty("messages")[1].GetProperty("content");
        Assert.Equal(("redacted_thinking", "hidden=="), (assistant[0].GetProperty("type").GetString(), assistant[0].GetProperty("data").GetString()));
    }

    [Fact]
    public async Task Thoughts_of_another_kind_are_left_out()
    {
        await using var server = WireServer.Streaming("anthropic", [.. Frames.Text("anthropic", "Yes."), .. Frames.End("anthropic", full: false)]);
        await using var runtime = await StartAsync(server.Options("anthropic"));
        var foreign = new TextReasoningContent("Hm.") { ProtectedData = "openai-responses|rs_1|secret" };
        var own = new TextReasoningContent("Ah.") { ProtectedData = "anthropic||signed" };

        await ReadAsync(runtime, new[] { new ChatMessage(ChatRole.User, "Hi"), new ChatMessage(ChatRole.Assistant, [foreign, own, new TextContent("No.")]), new ChatMessage(ChatRole.User, "Why?") });

        var assistant = server.Requests[0].Body.GetProperty("messages")[1].GetProperty("content").EnumerateArray().ToArray();
        Assert.Equal(["thinking", "text"], assistant.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("signed", assistant[0].GetProperty("signature").GetString());
    }

    [Fact]
    public async Task A_reasoning_item_keeps_its_id_and_its_encrypted_form()
    {
        await using var server = WireServer.Streaming("openai-responses", [
            """{"type":"response.output_item.done","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"sealed=="}}""",
            .. Frames.Text("openai-responses", "Yes."), .. Frames.End("openai-responses", full: false)]);
        await using var runtime = await StartAsync(server.Options("openai-responses"));

        await ReadAsync(runtime);
        await ReadAsync(runtime, "Why?");

        var item = server.Requests[1].Body.GetProperty("input").EnumerateArray().Single(i => i.TryGetProperty("type", out var type) && type.GetString() == "reasoning");
        Assert.Equal(("rs_1", "sealed=="), (item.GetProperty("id").GetString(), item.GetProperty("encrypted_content").GetString()));
    }
}
