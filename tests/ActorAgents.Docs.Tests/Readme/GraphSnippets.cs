#region readme-race
using ActorAgents;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

#endregion
using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Readme;

public sealed class GraphSnippets : SnippetTest
{
    [Fact]
    public async Task Two_agents_race_and_the_loser_is_stopped()
    {
        var quick = new ScriptedProvider(Script.Text("Par").Stall(out var start).Text("is."));
        var silent = new ScriptedProvider(Script.Text("Let me think. ").Stall(out var thinking));
        var runtime = await RuntimeAsync(agents => agents
            .AddProvider("quick", quick).AddProvider("silent", silent)
            .AddAgent("hare", a => a.WithProvider("quick")).AddAgent("tortoise", a => a.WithProvider("silent")));
        var agents = runtime.Agents;
        var opening = thinking.ReachedAsync().ContinueWith(_ => start.Open(), TaskScheduler.Default); // Both run when one wins.
        #region readme-race
        var materializer = runtime.System.Materializer();
        var question = "What is the capital of France?";

        TurnCompleted winner = await agents["hare", "1"].Source(question)
            .Merge(agents["tortoise", "1"].Source(question))
            .Collect(next => next is TurnCompleted, next => (TurnCompleted)next)
            .RunWith(Sink.First<TurnCompleted>(), materializer);
        #endregion

        await opening;
        Assert.Equal("Paris.", winner.Text);
        await silent.CancelledAsync();
        await silent.ReleasedAsync();
        Assert.True(silent.Requests[0].SawCancellation);
        Assert.False(quick.Requests[0].SawCancellation);
        var lost = await agents["tortoise", "1"].GetMessagesAsync();
        Assert.All(lost, message => Assert.Equal("interrupted", message.AdditionalProperties?["actoragents.state"]));
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(silent.Violations);
    }

    [Fact]
    public async Task A_hundred_agents_are_merged()
    {
        var provider = new ScriptedProvider(request => Script.Text("Summary of ", request.Prompt).YieldBetween());
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider).AddAgent("reader"));
        var agents = runtime.Agents;
        var materializer = runtime.System.Materializer();
        #region readme-merge
        var summaries = await Source.From(Enumerable.Range(1, 100))
            .MergeMany(100, chapter => agents["reader", $"{chapter}"].Source($"chapter {chapter}").MapMaterializedValue(_ => NotUsed.Instance))
            .Collect(next => next is TurnCompleted, next => (TurnCompleted)next)
            .RunWith(Sink.Seq<TurnCompleted>(), materializer);
        #endregion
        Assert.Equal(
            Enumerable.Range(1, 100).Select(chapter => $"Summary of chapter {chapter}").Order(StringComparer.Ordinal),
            summaries.Select(summary => summary.Text).Order(StringComparer.Ordinal));
        Assert.Equal(100, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task A_slow_sink_slows_the_providers()
    {
        const int Pieces = 500, Ahead = 4;
        var (first, second) = (Long(), Long());
        var runtime = await RuntimeAsync(agents => agents
            .AddProvider("first", first).AddProvider("second", second)
            .AddAgent("ann", a => a.WithProvider("first")).AddAgent("bob", a => a.WithProvider("second")));
        var (ann, bob) = (runtime.Agents["ann", "1"], runtime.Agents["bob", "1"]);
        var materializer = runtime.System.Materializer();
        var archive = new Archive();
        #region readme-slow
        Task archived = ann.Source("Write a saga")
            .Merge(bob.Source("Write an epic"))
            .Collect(next => next is TextDelta, next => ((TextDelta)next).Text)
            .SelectAsync(1, archive.SaveAsync) // as slow as it likes
            .RunWith(Sink.Ignore<string>(), materializer);
        #endregion

        for (var saved = 1; saved <= 50; saved++)
        {
            await archive.Gate.ReachedAsync(saved);
            Assert.InRange(first.ChunksPulled + second.ChunksPulled, saved, saved + Ahead);
            archive.Gate.Release();
        }

        archive.Gate.Open();
        await archived;
        Assert.Equal(2 * Pieces, archive.Gate.Arrivals);

        static ScriptedProvider Long() => new(Script.Text(Enumerable.Repeat("and then ", Pieces)));
    }

    private sealed class Archive
    {
        public Gate Gate { get; } = new();

        public async Task<string> SaveAsync(string piece)
        {
            await Gate.WaitAsync();
            return piece;
        }
    }
}
