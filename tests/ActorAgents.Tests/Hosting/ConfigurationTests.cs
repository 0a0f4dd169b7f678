using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task Every_mistake_is_listed_at_start()
    {
        var message = await MistakesAsync(agents => agents
            .AddProvider("default", new ScriptedProvider()).AddProvider("default", new ScriptedProvider())
            .AddTool("look", new ScriptedTool("look")).AddTool("look", new ScriptedTool("look"))
            .AddAgent("writer", a => a.WithProvider("nowhere").WithTool("missing").WithTool("look").WithTool("look"))
            .AddAgent("poet").AddAgent("poet")
            .AddAgent("Bad Kind")
            .AddAgent("doubled", a => a.WithTool("look").WithTool(new ScriptedTool("look"))));

        Assert.Collection(message.Split(Environment.NewLine),
            line => Assert.Equal("Provider 'default' is registered twice.", line),
            line => Assert.Equal("Tool 'look' is registered twice.", line),
            line => Assert.Equal("Agent 'writer' uses provider 'nowhere', which is not registered. Providers: default.", line),
            line => Assert.Equal("Agent 'writer' uses tool 'missing', which is not registered. Tools: look.", line),
            line => Assert.Equal("Agent 'writer' names tool 'look' twice.", line),
            line => Assert.Equal("Agent 'poet' is defined twice.", line),
            line => Assert.StartsWith("'Bad Kind' is not an agent kind", line),
            line => Assert.Equal("Agent 'doubled' has two tools named 'look'.", line));
    }

    [Fact]
    public async Task Without_any_provider_the_message_says_so() =>
        Assert.Equal("Agent 'writer' uses provider 'default', which is not registered. Providers: none.", await MistakesAsync(agents => agents.AddAgent("writer")));

    [Fact]
    public async Task A_client_that_invokes_functions_itself_is_refused_with_the_remedy()
    {
        var message = await MistakesAsync(agents => agents
            .AddProvider("default", new ScriptedProvider().AsBuilder().UseFunctionInvocation().Build()).AddAgent("writer"));

        Assert.Contains("Provider 'default' has a FunctionInvokingChatClient inside", message);
        Assert.Contains("leave out UseFunctionInvocation()", message);
    }

    [Fact]
    public async Task It_is_found_under_other_layers_too()
    {
        var client = new ScriptedProvider().AsBuilder()
            .ConfigureOptions(_ => { }).UseFunctionInvocation().Use(inner => new Layer(inner)).Build();

        Assert.Contains("FunctionInvokingChatClient", await MistakesAsync(agents => agents.AddProvider("default", client).AddAgent("writer")));
    }

    [Fact]
    public async Task Layers_that_leave_functions_alone_are_welcome()
    {
        var client = new Layer(new ScriptedProvider("Hello"));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer"));

        Assert.Equal("Hello", (await runtime.Agents["writer", "1"].RunAsync("Hi")).Content);
    }

    [Fact]
    public async Task A_factory_that_gives_nothing_is_named()
    {
        var message = await MistakesAsync(agents => agents.AddProvider("default", _ => null!).AddTool("look", _ => null!).AddAgent("writer"));

        Assert.Contains("The factory of provider 'default' gave null.", message);
        Assert.Contains("The factory of tool 'look' gave null.", message);
    }

    [Fact]
    public async Task A_factory_that_throws_is_named_with_what_it_said()
    {
        var message = await MistakesAsync(agents => agents
            .AddProvider("default", _ => throw new InvalidOperationException("No key is set."))
            .AddTool("look", _ => throw new InvalidOperationException("No index.")).AddAgent("writer"));

        Assert.Contains("'default'", message);
        Assert.Contains("No key is set.", message);
        Assert.Contains("'look'", message);
        Assert.Contains("No index.", message);
    }

    [Fact]
    public void Names_that_are_missing_are_refused_where_they_are_written()
    {
        var builder = new ActorAgentsBuilder();

        Assert.Throws<ArgumentException>(() => builder.AddProvider(" ", new ScriptedProvider()));
        Assert.Throws<ArgumentNullException>(() => builder.AddProvider("default", (IChatClient)null!));
        Assert.Throws<ArgumentException>(() => builder.AddTool("", new ScriptedTool("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithMaxLiveTurns(0));
        Assert.Throws<ArgumentNullException>(() => builder.WithTimeProvider(null!));
    }

    private static async Task<string> MistakesAsync(Action<ActorAgentsBuilder> configure) =>
        (await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(configure))).Message;

    private sealed class Layer(IChatClient inner) : DelegatingChatClient(inner);
}
