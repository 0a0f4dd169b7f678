using System.Diagnostics;
using System.Text;
using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Guide;

/// <summary>What a reader does with the chunks: shows progress, throws them away, measures.</summary>
public sealed class ReadingSnippets : SnippetTest
{
    [Fact]
    public async Task Progress_is_shown_while_the_answer_grows()
    {
        var agent = await AgentAsync(Script.Text("Once ", "upon ", "a time.").Usage(10, 20));
        var prompt = "Tell me a story";
        #region progress
        var response = new StreamingResponse();
        Console.Write("Generating");
        await foreach (var chunk in agent.StreamAsync(prompt))
        {
            response.AddChunk(chunk);
            Console.Write(".");
        }
        Console.WriteLine($" {response.Describe()}");
        #endregion
        Assert.Matches(@"^Generating\.\.\.\. 4 chunks, 17 characters, 30 tokens in \d+\.\d\d s\s*$", Printed);
        Assert.Equal("Once upon a time.", response.CompleteText);
        Assert.NotNull(response.Duration);
    }

    [Fact]
    public async Task Chunks_are_processed_and_discarded_one_at_a_time()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 1000).Select(n => $"{n}\n")));
        var agent = await AgentAsync(provider);
        var prompt = "A long report";
        using var memory = new MemoryStream();
        await using var file = new StreamWriter(memory, Encoding.UTF8);
        var farthest = 0L;
        var written = 0;
        #region memory
        await foreach (var chunk in agent.StreamAsync(prompt))
        {
            await file.WriteAsync(chunk.Content);
            #endregion
            farthest = Math.Max(farthest, provider.ChunksPulled - ++written);
            #region memory
        }
        #endregion
        await file.FlushAsync();
        Assert.Equal(1001, written);
        Assert.InRange(farthest, 0, 1);
        Assert.EndsWith("999\n", Encoding.UTF8.GetString(memory.ToArray()));
    }

    [Fact]
    public async Task The_first_token_is_there_long_before_the_last()
    {
        var agent = await AgentAsync(Script.Text("Once ").Stall(out var gate).Text("upon a time."));
        var prompt = "Tell me a story";
        var reading = ReadAsync();
        await gate.ReachedAsync();
        Assert.Equal("Once ", Printed);
        Assert.False(reading.IsCompleted);
        gate.Open();

        var (first, whole) = await reading;

        Assert.NotNull(first);
        Assert.True(first < whole);

        async Task<(TimeSpan?, TimeSpan)> ReadAsync()
        {
            #region latency
            var clock = Stopwatch.StartNew();
            TimeSpan? firstToken = null;
            await foreach (var chunk in agent.StreamAsync(prompt))
            {
                firstToken ??= clock.Elapsed;
                Console.Write(chunk.Content);
            }
            Console.WriteLine($" (first token after {firstToken?.TotalSeconds:0.00} s of {clock.Elapsed.TotalSeconds:0.00} s)");
            #endregion
            return (firstToken, clock.Elapsed);
        }
    }
}
