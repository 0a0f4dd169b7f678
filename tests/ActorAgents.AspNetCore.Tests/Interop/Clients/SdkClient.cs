using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = OpenAI.Chat.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>OpenAI's SDK for .NET.</summary>
internal sealed class SdkClient : OfficialClient
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(Given.Weather, Given.Description, BinaryData.FromString(Given.Parameters));

    public override bool ShowsReasoning => false;

    public override bool ReadsErrorsInStreams => false;

    public static OpenAIClientOptions Options(Uri server, Call call)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(server, "v1"), RetryPolicy = new ClientRetryPolicy(call.Retries) };
        if (call.Agent is not null) options.AddPolicy(new HeaderPolicy("X-Agent-Key", call.Agent), PipelinePosition.PerCall);
        return options;
    }

    public override async Task CarryOutAsync(Uri server, Call call, Action<Said> say, CancellationToken abort)
    {
        var client = new OpenAIClient(new ApiKeyCredential(call.Key), Options(server, call));
        try
        {
            switch (call.Task)
            {
                case "models": await ListAsync(client.GetOpenAIModelClient(), say, abort); break;
                case "tools": await LoopAsync(client.GetChatClient(call.Model), call, say, abort); break;
                default: await AskAsync(client.GetChatClient(call.Model), MessagesOf(call), OptionsOf(call), call.Stream, say, abort); break;
            }
        }
        catch (Exception thrown)
        {
            say(new() { Error = Problems.Of(thrown) });
        }
    }

    private static ChatCompletionOptions OptionsOf(Call call)
    {
        var options = new ChatCompletionOptions();
#pragma warning disable OPENAI001 // Seed and effort are marked as experimental.
        if (call.Effort is not null) options.ReasoningEffortLevel = call.Effort;
        if (call.Task != "parameters") return options;
        (options.Temperature, options.TopP, options.MaxOutputTokenCount, options.Seed) = (0.5f, 0.25f, 100, 7);
#pragma warning restore OPENAI001
        options.StopSequences.Add("END");
        options.Tools.Add(Weather);
        options.ToolChoice = ChatToolChoice.CreateFunctionChoice(Given.Weather);
        options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("place", BinaryData.FromString(Given.Place), jsonSchemaIsStrict: true);
        return options;
    }

    private static List<ChatMessage> MessagesOf(Call call) => call.Task != "parameters" ? [new UserChatMessage(call.Prompt)] :
    [
        new SystemChatMessage(Given.Instructions),
        new UserChatMessage(ChatMessageContentPart.CreateTextPart(call.Prompt), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new DataContent(Given.Image).Data), "image/png")),
    ];

    private static async Task ListAsync(OpenAIModelClient models, Action<Said> say, CancellationToken abort)
    {
        foreach (var model in (await models.GetModelsAsync(abort)).Value)
            say(new() { Model = (await models.GetModelAsync(model.Id, abort)).Value.Id });
    }

    /// <summary>As the SDK's guide has it: calls are run and the conversation sent again until there are none.</summary>
    private static async Task LoopAsync(ChatClient client, Call call, Action<Said> say, CancellationToken abort)
    {
        List<ChatMessage> messages = [new UserChatMessage(call.Prompt)];
        while (true)
        {
            var calls = await AskAsync(client, messages, new() { Tools = { Weather } }, call.Stream, say, abort);
            if (calls.Count == 0) return;
            messages.Add(new AssistantChatMessage(calls));
            foreach (var asked in calls)
            {
                var arguments = JsonSerializer.Deserialize<Dictionary<string, string>>(asked.FunctionArguments)!;
                messages.Add(new ToolChatMessage(asked.Id, Given.Run(say, asked.FunctionName, arguments).ToString()));
            }
        }
    }

    private static async Task<IReadOnlyList<ChatToolCall>> AskAsync(
        ChatClient client, List<ChatMessage> messages, ChatCompletionOptions options, bool streams, Action<Said> say, CancellationToken abort)
    {
        if (!streams)
        {
            ChatCompletion whole = await client.CompleteChatAsync(messages, options, abort);
            Show(say, whole.Content, whole.FinishReason, whole.Usage);
            return whole.ToolCalls;
        }
        var calls = new StreamedCalls();
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, abort))
        {
            Show(say, update.ContentUpdate, update.FinishReason, update.Usage);
            calls.Add(update.ToolCallUpdates);
        }
        return calls.ToList();
    }

    private static void Show(Action<Said> say, ChatMessageContent content, ChatFinishReason? reason, ChatTokenUsage? usage)
    {
        foreach (var part in content) say(new() { Text = part.Text });
        if (reason is not null) say(new() { Reason = reason.ToString() });
        if (usage is not null) say(new() { Usage = new(usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount) });
    }
}
