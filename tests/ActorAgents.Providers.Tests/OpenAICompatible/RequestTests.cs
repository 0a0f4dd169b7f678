using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

public sealed class RequestTests
{
    private static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""");

    [Fact]
    public void A_plain_request_has_what_it_needs_and_no_more()
    {
        AssertRequest("""{"model":"model-1","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}""", [new(ChatRole.User, "Hi")]);
    }

    [Fact]
    public void Without_streaming_nothing_is_said_about_the_stream_but_that()
    {
        AssertRequest("""{"messages":[{"role":"user","content":"Hi"}],"stream":false}""", [new(ChatRole.User, "Hi")], model: null, stream: false);
    }

    [Fact]
    public void Every_option_has_its_member()
    {
        var options = new ChatOptions
        {
            ModelId = "model-2", Instructions = "Be brief.", Temperature = 0.7f, TopP = 0.9f, TopK = 40, MaxOutputTokens = 100, Seed = 42, FrequencyPenalty = 0.5f, PresencePenalty = -0.5f,
            StopSequences = ["END"], Reasoning = new() { Effort = ReasoningEffort.ExtraHigh },
        };

        AssertMembers("""
            {"model":"model-2","temperature":0.7,"top_p":0.9,"top_k":40,"max_tokens":100,"seed":42,"frequency_penalty":0.5,"presence_penalty":-0.5,"stop":["END"],"reasoning_effort":"xhigh",
             "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}
            """, options);
    }

    [Fact]
    public void Response_formats_are_text_object_or_schema()
    {
        AssertMembers("""{"response_format":{"type":"text"}}""", new() { ResponseFormat = ChatResponseFormat.Text });
        AssertMembers("""{"response_format":{"type":"json_object"}}""", new() { ResponseFormat = ChatResponseFormat.Json });
        AssertMembers($$$$"""{"response_format":{"type":"json_schema","json_schema":{"name":"place","description":"A place.","schema":{{{{Schema}}}},"strict":true}}}""",
            new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "place", "A place."), AdditionalProperties = new() { ["strict"] = true } });
    }

    [Fact]
    public void Tools_are_functions_with_their_schemas_and_a_choice()
    {
        AITool[] tools = [AIFunctionFactory.CreateDeclaration("weather", "The weather.", Schema)];
        var sent = $$$$"""{"tools":[{"type":"function","function":{"name":"weather","description":"The weather.","parameters":{{{{Schema}}}}}}],""";

        AssertMembers(sent + """ "tool_choice":"auto"}""", new() { Tools = tools, ToolMode = ChatToolMode.Auto });
        AssertMembers(sent + """ "tool_choice":"none"}""", new() { Tools = tools, ToolMode = ChatToolMode.None });
        AssertMembers(sent + """ "tool_choice":"required","parallel_tool_calls":false}""", new() { Tools = tools, ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false });
        AssertMembers(sent + """ "tool_choice":{"type":"function","function":{"name":"weather"}}}""", new() { Tools = tools, ToolMode = ChatToolMode.RequireSpecific("weather") });
    }

    [Fact]
    public void Without_tools_nothing_is_said_about_them()
    {
        var sent = Written([new(ChatRole.User, "Hi")], new() { ToolMode = ChatToolMode.None, AllowMultipleToolCalls = true, Tools = [] });

        Assert.DoesNotContain("tool", sent.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_that_is_no_function_is_refused_by_name()
    {
        var failure = Assert.Throws<ProviderException>(() => Written([new(ChatRole.User, "Hi")], new() { Tools = [new HostedWebSearchTool()] }));

        Assert.Equal(TurnErrorKind.InvalidRequest, failure.Kind);
        Assert.Contains("HostedWebSearchTool", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Additional_properties_are_members_and_take_the_place_of_ours()
    {
        var options = new ChatOptions { Temperature = 0.7f, AdditionalProperties = new() { ["temperature"] = 1, ["min_p"] = 0.05, ["chat_template_kwargs"] = new Dictionary<string, object?> { ["enable_thinking"] = false } } };

        AssertMembers("""{"temperature":1,"min_p":0.05,"chat_template_kwargs":{"enable_thinking":false}}""", options);
        var written = Text([new(ChatRole.User, "Hi")], options);
        Assert.Equal(written.IndexOf("\"temperature\"", StringComparison.Ordinal), written.LastIndexOf("\"temperature\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Additional_properties_cannot_take_the_place_of_what_every_request_has()
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["model"] = "x", ["messages"] = "x", ["stream"] = "x" } };

        AssertMembers("""{"model":"model-1","messages":[{"role":"user","content":"Hi"}],"stream":true}""", options);
        Assert.DoesNotContain("\"x\"", Text([new(ChatRole.User, "Hi")], options), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_in_an_answer_come_after_it()
    {
        AssertMessages("""
            [{"role":"assistant","content":"See:","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"rain"}]
            """, new ChatMessage(ChatRole.Assistant, [new TextContent("See:"), new FunctionCallContent("c1", "f"), new FunctionResultContent("c1", "rain")]));
    }

    [Fact]
    public void A_round_of_tools_is_calls_without_content_and_a_message_for_each_result()
    {
        AssertMessages("""
            [{"role":"user","content":"a"},{"role":"user","content":"b"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"city\":\"Köln\"}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"rain"},{"role":"tool","tool_call_id":"c2","content":"{\"degrees\":21}"},
             {"role":"assistant","content":"It rains."}]
            """,
            new(ChatRole.User, "a"), new(ChatRole.User, "b"),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["city"] = "Köln" }), new FunctionCallContent("c2", "g")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "rain"), new FunctionResultContent("c2", new { degrees = 21 })]),
            new(ChatRole.Assistant, [new TextContent("It "), new TextContent("rains.")]));
    }

    [Fact]
    public void Results_in_a_user_s_message_come_before_its_text()
    {
        AssertMessages("""[{"role":"tool","tool_call_id":"c1","content":""},{"role":"user","content":"And now?"}]""",
            new ChatMessage(ChatRole.User, [new FunctionResultContent("c1", null), new TextContent("And now?")]));
    }

    [Fact]
    public void Images_sound_and_files_are_parts()
    {
        AssertMessages("""
            [{"role":"user","name":"Ada_L","content":[{"type":"text","text":"See"},{"type":"text","text":"this"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQI="}},
              {"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},{"type":"input_audio","input_audio":{"data":"AQI=","format":"mp3"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQI="}},{"type":"file","file":{"file_id":"file-1"}}]}]
            """,
            new ChatMessage(ChatRole.User,
            [
                new TextContent("See"), new TextContent("this"), new DataContent(new byte[] { 1, 2 }, "image/png"),
                new UriContent("https://example.org/a.png", "image/png") { AdditionalProperties = new() { ["detail"] = "low" } }, new DataContent(new byte[] { 1, 2 }, "audio/mpeg"),
                new DataContent(new byte[] { 1, 2 }, "application/pdf") { Name = "a.pdf" }, new HostedFileContent("file-1"),
            ])
            { AuthorName = "Ada_L." });
    }

    [Fact]
    public void A_file_by_address_is_refused()
    {
        Assert.Throws<ProviderException>(() => Written([new(ChatRole.User, [new UriContent("https://example.org/a.pdf", "application/pdf")])]));
    }

    [Fact]
    public void Empty_answers_are_left_out_refusals_and_empty_inputs_are_not()
    {
        AssertMessages("""[{"role":"user","content":""},{"role":"assistant","content":null,"refusal":"No."}]""",
            new(ChatRole.User, ""), new(ChatRole.Assistant, [new TextReasoningContent("hm")]), new(ChatRole.Assistant, [new ErrorContent("No.") { ErrorCode = "Refusal" }]));
    }

    [Fact]
    public void Half_a_character_does_not_spoil_the_request()
    {
        AssertMessages("""[{"role":"user","content":"cut \uFFFD"}]""", new ChatMessage(ChatRole.User, "cut \ud83c"));
    }

    private static void AssertRequest(string expected, ChatMessage[] messages, string? model = "model-1", bool stream = true)
    {
        var sent = JsonNode.Parse(RequestBody.Write(messages, null, model, "max_tokens", stream).Span);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), sent), sent?.ToJsonString());
    }

    private static void AssertMessages(string expected, params ChatMessage[] messages)
    {
        var sent = Written(messages)["messages"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), sent), sent?.ToJsonString());
    }

    private static void AssertMembers(string expected, ChatOptions options)
    {
        var sent = Written([new(ChatRole.User, "Hi")], options);
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject()) Assert.True(JsonNode.DeepEquals(value, sent[name]), $"{name}: {sent[name]?.ToJsonString()}");
    }

    private static JsonObject Written(ChatMessage[] messages, ChatOptions? options = null) => JsonNode.Parse(Text(messages, options))!.AsObject();

    private static string Text(ChatMessage[] messages, ChatOptions? options = null) =>
        System.Text.Encoding.UTF8.GetString(RequestBody.Write(messages, options, "model-1", "max_tokens", stream: true).Span);
}
