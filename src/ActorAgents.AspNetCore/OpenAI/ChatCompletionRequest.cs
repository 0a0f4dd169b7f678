using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A request for a chat completion, read and checked. What it sets goes over the agent's own options; members that are not known are ignored.</summary>
internal sealed record ChatCompletionRequest(string Model, List<ChatMessage> Messages, ChatOptions Options, bool Streams, bool WithUsage)
{
    /// <summary>Whether a tool is the caller's to run.</summary>
    public bool IsCallers(string? tool) => tool is not null && Options.Tools?.Any(own => own.Name == tool) == true;

    /// <exception cref="HttpErrorException">A part is missing or malformed; the error names it.</exception>
    public static ChatCompletionRequest Read(RequestObject body)
    {
        var model = body.RequiredText("model");
        if (body.Integer("n", 1) > 1) throw body.Wrong("n", "1: an agent gives one answer");
        return new(model, ChatCompletionMessages.Read(body), ReadOptions(body), body.Flag("stream"), body.Object("stream_options")?.Flag("include_usage") ?? false);
    }

    private static ChatOptions ReadOptions(RequestObject body)
    {
        var options = new ChatOptions
        {
            Temperature = body.Number("temperature"),
            TopP = body.Number("top_p"),
            FrequencyPenalty = body.Number("frequency_penalty"),
            PresencePenalty = body.Number("presence_penalty"),
            MaxOutputTokens = body.Integer("max_completion_tokens", 1) ?? body.Integer("max_tokens", 1),
            Seed = body.Long("seed"),
            StopSequences = Stops(body),
            AllowMultipleToolCalls = body.OptionalFlag("parallel_tool_calls"),
            ResponseFormat = Format(body),
            Tools = ChatCompletionTools.Read(body),
        };
        if (OpenAIParameters.Effort(body, "reasoning_effort") is { } effort) options.Reasoning = new ReasoningOptions { Effort = effort };
        if (options.Tools is not null) options.ToolMode = ChatCompletionTools.ReadMode(body, options.Tools);
        return options;
    }

    private static IList<string>? Stops(RequestObject body) =>
        body.Find("stop") is { ValueKind: System.Text.Json.JsonValueKind.String } ? [body.RequiredText("stop")] : body.Texts("stop")?.ToList();

    private static ChatResponseFormat? Format(RequestObject body) => body.Object("response_format") is { } format
        ? OpenAIParameters.Format(format, format => format.Object("json_schema") ?? throw format.Missing("json_schema", "an object"))
        : null;
}
