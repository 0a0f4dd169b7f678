namespace ActorAgents.Providers.Tests.Wires;

/// <summary>Frames of the wires, as their providers document them.</summary>
internal static class Frames
{
    private const string Response = """{"id":"r1","object":"response","created_at":1,"model":"model-1","output":[],"parallel_tool_calls":true,"tools":[],"tool_choice":"auto","store":false""";

    /// <summary>What comes before the first text, and a text.</summary>
    public static string[] Text(string kind, string text) => kind switch
    {
        "openai" or "openai-compatible" => [Chat($$"""{"role":"assistant","content":"{{text}}"}""")],
        "openai-responses" =>
        [
            $$$"""{"type":"response.created","sequence_number":0,"response":{{{Response}}},"status":"in_progress"}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"m1","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
            $$"""{"type":"response.output_text.delta","sequence_number":2,"item_id":"m1","output_index":0,"content_index":0,"delta":"{{text}}","logprobs":[]}""",
        ],
        "anthropic" =>
        [
            MessageStart("""{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":0,"output_tokens":1}"""),
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""",
        ],
        _ => [$$$"""{"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"{{{text}}}"},"done":false}"""],
    };

    /// <summary>The end of an answer, with its reason and what it cost: 10 tokens in, 4 of them from a cache, 7 out, 5 of them thoughts.</summary>
    public static string[] End(string kind, bool full) => kind switch
    {
        "openai" or "openai-compatible" =>
        [
            Chat("{}", full ? "length" : "stop"),
            """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"model-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":5}}}""",
            "data: [DONE]\n",
        ],
        "openai-responses" =>
        [
            $$$$"""{"type":"response.{{{{Status(full)}}}}","sequence_number":9,"response":{{{{Response}}}},"status":"{{{{Status(full)}}}}",{{{{Details(full)}}}}"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":17} } }""",
        ],
        "anthropic" =>
        [
            """{"type":"content_block_stop","index":0}""",
            $$$$"""{"type":"message_delta","delta":{"stop_reason":"{{{{(full ? "max_tokens" : "end_turn")}}}}","stop_sequence":null},"usage":{"output_tokens":7,"output_tokens_details":{"thinking_tokens":5}}}""",
            """{"type":"message_stop"}""",
        ],
        _ => [$$"""{"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"{{(full ? "length" : "stop")}}","prompt_eval_count":10,"eval_count":7}"""],
    };

    /// <summary>What a server sends when it fails after it has begun.</summary>
    public static string Error(string kind, string message) => kind switch
    {
        "openai" or "openai-compatible" => $$$"""{"error":{"message":"{{{message}}}","type":"server_error","code":null}}""",
        "openai-responses" => $$"""{"type":"error","sequence_number":3,"code":"server_error","message":"{{message}}","param":null}""",
        "anthropic" => $$$"""{"type":"error","error":{"type":"overloaded_error","message":"{{{message}}}"}}""",
        _ => $$"""{"error":"{{message}}"}""",
    };

    public static string MessageStart(string usage) =>
        $$$"""{"type":"message_start","message":{"id":"a1","type":"message","role":"assistant","model":"model-1","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{usage}}} } }""";

    private static string Status(bool full) => full ? "incomplete" : "completed";

    private static string Details(bool full) => full ? "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}," : "";

    private static string Chat(string delta, string? finish = null) =>
        $$$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"model-1","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(finish is null ? "null" : $"\"{finish}\"")}}}}]}""";
}
