#region readme-script
using ActorAgents;
using Microsoft.Extensions.AI;

#endregion
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.Docs.Tests.Readme;

public sealed class StartSnippets : SnippetTest
{
    [Fact]
    public async Task A_script()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once ", "upon ", "a time."), "It was a lighthouse.");
        #region readme-script
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", chatClient)
            .AddAgent("writer", a => a.WithInstructions("You write short stories.")));
        Agent agent = runtime.Agents["writer", "ann"];

        await foreach (StreamChunk chunk in agent.StreamAsync("Tell me a story")) Console.Write(chunk.Content);
        AgentResponse answer = await agent.RunAsync("What was it about?");
        #endregion
        Assert.Equal("Once upon a time.", Printed);
        Assert.Equal("It was a lighthouse.", answer.Content);
        Assert.Equal(["You write short stories.", "Tell me a story", "Once upon a time.", "What was it about?"], chatClient.Requests[1].Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task A_web_endpoint()
    {
        var chatClient = new ScriptedProvider(Script.Text("Once\n", "upon"), Script.Text("Again").Stall());
        await using var web = await WebServer.StartAsync((arguments, started) => RunAsync(chatClient, arguments, started));

        var frames = await (await web.PostAsync("/chat/ann", new Question("Tell me a story"))).ToListAsync();
        Assert.Equal(["Once\n", "upon", ""], frames.Select(frame => frame.Data));

        await using (var left = (await web.PostAsync("/chat/ann", new Question("Again"))).Probe())
        {
            await left.NextAsync();
            web.Disconnect();
        }
        await chatClient.CancelledAsync();
        await chatClient.ReleasedAsync();
    }

    private static async Task RunAsync(IChatClient chatClient, string[] args, Action<WebApplication> started)
    {
        #region readme-web
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddActorAgents(agents => agents
            .AddProvider("default", chatClient)
            .AddAgent("writer", a => a.WithInstructions("You write short stories.")));
        var app = builder.Build();

        app.MapPost("/chat/{user}", (string user, Question question, IAgents agents, CancellationToken gone) =>
            TypedResults.ServerSentEvents(agents["writer", user].StreamAsync(question.Prompt, gone).Select(chunk => chunk.Content)));

        #endregion
        started(app);
        #region readme-web
        await app.RunAsync();
        #endregion
    }

    #region readme-web

    sealed record Question(string Prompt);
    #endregion
}
