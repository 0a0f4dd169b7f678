using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class WebSnippets : SnippetTest
{
    [Fact]
    public async Task An_endpoint_that_waits_for_the_whole_answer()
    {
        var builder = WebApplication.CreateSlimBuilder(WebServer.Arguments);
        builder.Services.AddSingleton<IChatClient>(new ScriptedProvider("Once upon a time."));
        await using var app = builder.Build();
        #region web-before
        app.MapPost("/chat", async (Question question, IChatClient chatClient) =>
        {
            ChatResponse answer = await chatClient.GetResponseAsync(question.Prompt);
            return new { Response = answer.Text };
        });
        #endregion
        await app.StartAsync();
        using var client = WebServer.ClientOf(app);

        using var answer = await client.PostAsJsonAsync("/chat", new Question("Tell me a story"));

        Assert.Equal("""{"response":"Once upon a time."}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_endpoint_that_streams()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once\n", "upon").Stall(out var gate).Text(" a time."));
        await using var web = await WebServer.StartAsync((arguments, started) => RunAsync(chatClient, arguments, started));

        await using var frames = (await web.PostAsync("/chat/ann", new Question("Tell me a story"))).Probe();
        var early = await frames.NextAsync(2);
        gate.Open();
        var rest = await frames.NextAsync(2);
        await frames.ExpectCompleteAsync();

        Assert.Equal([("text", "Once\n"), ("text", "upon")], early.Select(frame => (frame.EventType, frame.Data)));
        Assert.Equal([("text", " a time."), ("end", "")], rest.Select(frame => (frame.EventType, frame.Data)));
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_an_event_of_the_stream()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once").Throw(new InvalidOperationException("The model is tired.")));
        await using var web = await WebServer.StartAsync((arguments, started) => RunAsync(chatClient, arguments, started));

        var frames = await (await web.PostAsync("/chat/ann", new Question("Tell me a story"))).ToListAsync();

        Assert.Equal([("text", "Once"), ("error", "The model is tired.")], frames.Select(frame => (frame.EventType, frame.Data)));
    }

    [Fact]
    public async Task A_client_that_leaves_interrupts_its_turn()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once").Stall());
        await using var web = await WebServer.StartAsync((arguments, started) => RunAsync(chatClient, arguments, started));

        await using (var frames = (await web.PostAsync("/chat/ann", new Question("Tell me a story"))).Probe())
        {
            await frames.NextAsync();
            web.Disconnect();
        }

        await chatClient.CancelledAsync();
        await chatClient.ReleasedAsync();
    }

    private static async Task RunAsync(IChatClient chatClient, string[] args, Action<WebApplication> started)
    {
        #region web
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddActorAgents(agents => agents
            .AddProvider("default", chatClient)
            .AddAgent("writer", a => a.WithInstructions("You write short stories.")));
        var app = builder.Build();

        app.MapPost("/chat/{user}", (string user, Question question, IAgents agents, CancellationToken gone) =>
            TypedResults.ServerSentEvents(Frames(agents["writer", user].EventsAsync(question.Prompt, gone))));

        static async IAsyncEnumerable<SseItem<string>> Frames(IAsyncEnumerable<TurnEvent> events)
        {
            await foreach (var next in events)
            {
                switch (next)
                {
                    case TextDelta text: yield return new(text.Text, "text"); break;
                    case TurnCompleted: yield return new("", "end"); break;
                    case TurnFailed failed: yield return new(failed.Error.Message, "error"); break;
                    case TurnInterrupted stopped: yield return new(stopped.Reason.ToString(), "error"); break;
                }
            }
        }
        #endregion
        started(app);
        #region web

        await app.RunAsync();
        #endregion
    }
}

#region web

public sealed record Question(string Prompt);
#endregion
