using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class LegacySnippets : SnippetTest
{
    [Fact]
    public async Task Code_that_cannot_await_blocks_on_a_wrapper()
    {
        var agent = await AgentAsync(Script.Text("Hel", "lo."), Script.Text("Once ", "upon."));
        await Task.Run(() =>
        {
            #region legacy
            var legacy = new LegacyAgent(agent);
            AgentResponse answer = legacy.Run("Hello");
            Console.WriteLine(answer.Content);

            foreach (StreamChunk chunk in legacy.StreamSync("Tell me a story")) Console.Write(chunk.Content);
            #endregion
        });
        Assert.Equal($"Hello.{Environment.NewLine}Once upon.", Printed);
    }

    [Fact]
    public async Task The_wrapper_refuses_to_block_where_that_could_deadlock()
    {
        var agent = await AgentAsync("Hello.");
        var legacy = new LegacyAgent(agent);
        var before = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            var refused = Assert.Throws<InvalidOperationException>(() => legacy.Run("Hello"));
            Assert.Contains("Await Agent.RunAsync there.", refused.Message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        #region legacy-instead
        AgentResponse answer = await agent.RunAsync("Hello");
        #endregion
        Assert.Equal("Hello.", answer.Content);
    }
}
