using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class ToolSnippets : SnippetTest
{
    private static readonly ChatScript[] Scripts = [Script.Text("Let me look. ").Call("weather", new { city = "Riga" }), "It is 18 °C in Riga."];

    [Fact]
    public async Task A_tool_is_called_while_the_answer_streams()
    {
        var agent = await AgentAsync(Scripts);
        #region tools
        AITool weather = AIFunctionFactory.Create((string city) => $"18 °C in {city}", "weather", "The weather of a city now.");
        await agent.AddToolAsync(weather);

        await foreach (var chunk in agent.StreamAsync("How warm is it in Riga?")) Console.Write(chunk.Content);
        #endregion
        Assert.Equal("Let me look. It is 18 °C in Riga.", Printed);
        Assert.Equal(["user", "assistant", "tool", "assistant"], (await agent.GetMessagesAsync()).Select(m => m.Role.Value));
    }

    [Fact]
    public async Task Tool_calls_are_events()
    {
        var agent = await AgentAsync(Scripts);
        await agent.AddToolAsync(AIFunctionFactory.Create((string city) => $"18 °C in {city}", "weather"));
        #region tool-events
        await foreach (var next in agent.EventsAsync("How warm is it in Riga?"))
        {
            Console.Write(next switch
            {
                TextDelta text => text.Text,
                ToolStarted call => $"[{call.Tool} ",
                ToolFinished call => $"{call.Outcome}: {call.Result}] ",
                _ => "",
            });
        }
        #endregion
        Assert.Equal("Let me look. [weather Succeeded: 18 °C in Riga] It is 18 °C in Riga.", Printed);
    }
}
