#region core
using ActorAgents;
using Microsoft.Extensions.AI;

#endregion
using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippet of the core package's readme.</summary>
public sealed class CoreSnippets : SnippetTest
{
    [Fact]
    public async Task An_agent_with_a_tool_streams()
    {
        IChatClient chatClient = new ScriptedProvider(Script.Text("Let me look. ").Call("weather", new { city = "Riga" }), "It is 18 °C.");
        #region core
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", chatClient)
            .AddTool("weather", AIFunctionFactory.Create((string city) => $"18 °C in {city}"))
            .AddAgent("assistant", a => a.WithInstructions("Answer in one sentence.").WithTool("weather")));

        await foreach (var chunk in runtime.Agents["assistant", "ann"].StreamAsync("How warm is it in Riga?"))
            Console.Write(chunk.Content);
        #endregion
        Assert.Equal("Let me look. It is 18 °C.", Printed);
    }
}
