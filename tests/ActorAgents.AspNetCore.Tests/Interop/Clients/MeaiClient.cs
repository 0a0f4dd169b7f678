using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>The <see cref="IChatClient"/> over OpenAI's SDK, by chat completions or by responses. An error that it hands over as content counts as thrown.</summary>
internal sealed class MeaiClient(bool ofResponses = false) : OfficialClient
{
    public override bool ReadsErrorsInStreams => ofResponses;

    public override bool TellsReasonOfWhole => !ofResponses;

    public override async Task CarryOutAsync(Uri server, Call call, Action<Said> say, CancellationToken abort)
    {
        using var client = Over(server, call).AsBuilder().UseFunctionInvocation().Build();
        try
        {
            await AskAsync(client, call, OptionsOf(call, say), say, abort);
        }
        catch (Exception thrown)
        {
            say(new() { Error = Problems.Of(thrown) });
        }
    }

#pragma warning disable OPENAI001 // Responses and effort are marked as experimental.
    private IChatClient Over(Uri server, Call call) => ofResponses
        ? new ResponsesClient(new ApiKeyCredential(call.Key), new ResponsesClientOptions { Endpoint = new Uri(server, "v1"), RetryPolicy = new ClientRetryPolicy(call.Retries) }).AsIChatClient(call.Model)
        : new ChatClient(call.Model, new ApiKeyCredential(call.Key), SdkClient.Options(server, call)).AsIChatClient();

    private ChatOptions OptionsOf(Call call, Action<Said> say)
    {
        if (call.Effort is not null)
            return new()
            {
                RawRepresentationFactory = _ => ofResponses
                    ? new CreateResponseOptions { ReasoningOptions = new() { ReasoningEffortLevel = call.Effort } } : new ChatCompletionOptions { ReasoningEffortLevel = call.Effort },
            };
        return call.Task switch
        {
            "tools" => new() { Tools = [AIFunctionFactory.Create((string city) => Given.Run(say, Given.Weather, new Dictionary<string, string> { ["city"] = city }), Given.Weather, Given.Description)] },
            "parameters" => new()
            {
                Instructions = Given.Instructions, Temperature = 0.5f, TopP = 0.25f, MaxOutputTokens = 100, Seed = 7, StopSequences = ["END"],
                Tools = [AIFunctionFactory.CreateDeclaration(Given.Weather, Given.Description, JsonDocument.Parse(Given.Parameters).RootElement)],
                ToolMode = ChatToolMode.RequireSpecific(Given.Weather),
                ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(Given.Place).RootElement, "place"),
            },
            _ => new(),
        };
    }
#pragma warning restore OPENAI001

    private static async Task AskAsync(IChatClient client, Call call, ChatOptions options, Action<Said> say, CancellationToken abort)
    {
        var prompt = new ChatMessage(ChatRole.User, call.Prompt);
        if (call.Task == "parameters") prompt.Contents.Add(new DataContent(Given.Image));
        List<ChatMessage> messages = [prompt];
        if (call.Stream)
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages, options, abort)) Show(say, update.Contents, update.FinishReason);
            return;
        }
        var whole = await client.GetResponseAsync(messages, options, abort);
        Show(say, whole.Messages.SelectMany(message => message.Contents), whole.FinishReason);
        Show(say, whole.Usage);
    }

    private static void Show(Action<Said> say, IEnumerable<AIContent> contents, Microsoft.Extensions.AI.ChatFinishReason? reason)
    {
        foreach (var content in contents)
        {
            if (content is TextContent text) say(new() { Text = text.Text });
            if (content is TextReasoningContent reasoning) say(new() { Reasoning = reasoning.Text });
            if (content is UsageContent usage) Show(say, usage.Details);
            if (content is ErrorContent error) say(new() { Error = new(nameof(ErrorContent), error.Message, null, error.ErrorCode, null, null) });
        }
        if (reason is not null) say(new() { Reason = reason.ToString() });
    }

    private static void Show(Action<Said> say, UsageDetails? usage)
    {
        if (usage is not null) say(new() { Usage = new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.TotalTokenCount ?? 0) });
    }
}
