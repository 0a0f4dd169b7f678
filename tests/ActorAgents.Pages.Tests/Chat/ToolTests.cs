using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Pages.Tests;

public sealed class ToolTests
{
    [Fact]
    public async Task Shows_arguments_progress_result_and_outcome_of_a_call()
    {
        var gate = new Gate();
        var tool = AIFunctionFactory.Create(async (string city, AIFunctionArguments arguments, CancellationToken stop) =>
        {
            ToolContext.From(arguments)!.Report("50 %");
            await gate.WaitAsync(stop);
            return $"18 °C in {city}";
        }, "weather");
        await using var runtime = await ChatTests.StartAsync(new ScriptedProvider(Script.Call("weather", new { city = "Riga" }), "Warm."), tool: tool);
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("how warm is it?");
        browser.SeesText(".aa-arguments", "city: Riga");
        browser.SeesText(".aa-progress", "50 %");

        gate.Release();
        browser.SeesText(".aa-result", "18 °C in Riga");
        browser.SeesText(".aa-tool-state", "done");
        browser.SeesText(".aa-text", "Warm.");
    }

    [Theory]
    [InlineData("Approve", "sent")]
    [InlineData("Reject", "rejected")]
    public async Task Asks_a_person_and_tells_the_turn_the_answer(string button, string outcome)
    {
        var tool = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => "sent", "send"));
        await using var runtime = await ChatTests.StartAsync(new ScriptedProvider(Script.Call("send"), "Finished."), tool: tool);
        await using var browser = new Browser(runtime.Agents);
        await browser.SayAsync("send it");
        browser.SeesText(".aa-tool-asks", "needs your approval");

        await browser.ClickAsync($".aa-approval button:nth-of-type({(button == "Approve" ? 1 : 2)})");

        browser.SeesText(".aa-tool", outcome);
        browser.SeesText(".aa-text", "Finished.");
        browser.SeesNot(".aa-approval");
    }

    [Fact]
    public async Task Asks_anew_in_a_page_that_is_opened_meanwhile()
    {
        var tool = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => "sent", "send"));
        await using var runtime = await ChatTests.StartAsync(new ScriptedProvider(Script.Call("send"), "Finished."), tool: tool);
        await using var first = new Browser(runtime.Agents);
        await first.SayAsync("send it");
        first.Sees(".aa-approval");

        await using var second = new Browser(runtime.Agents, first.Address);
        await second.ClickAsync(".aa-approval button");

        first.SeesText(".aa-text", "Finished.");
        second.SeesText(".aa-text", "Finished.");
    }
}
