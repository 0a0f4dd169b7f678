using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;

namespace ActorAgents.Testing.Tests;

public sealed class GraphProbeTests : TestKit
{
    private readonly ActorMaterializer _materializer;

    public GraphProbeTests() => _materializer = Sys.Materializer();

    [Fact]
    public async Task The_sink_gets_no_more_than_it_asked_for()
    {
        var sink = StreamProbes.Sink<int>(this);
        Source.From(Enumerable.Range(1, 3)).RunWith(sink.Sink, _materializer);

        await sink.RequestAsync(2);
        Assert.Equal(1, await sink.ExpectNextAsync());
        Assert.Equal(2, await sink.ExpectNextAsync());
        await sink.ExpectNoSignalAsync();
        Assert.Equal(3, await sink.RequestNextAsync());
        await sink.ExpectCompleteAsync();
    }

    [Fact]
    public async Task The_sink_sees_failures()
    {
        var sink = StreamProbes.Sink<int>(this);
        Source.Failed<int>(new IOException("broken")).RunWith(sink.Sink, _materializer);

        Assert.Equal("broken", (await sink.ExpectErrorAsync()).Message);
    }

    [Fact]
    public async Task Cancelling_the_sink_reaches_the_source()
    {
        var (source, sink) = (StreamProbes.Source<int>(this), StreamProbes.Sink<int>(this));
        source.Source.RunWith(sink.Sink, _materializer);

        await sink.CancelAsync();
        await source.ExpectCancellationAsync();
    }

    [Fact]
    public async Task The_source_gives_what_the_test_says()
    {
        var (source, sink) = (StreamProbes.Source<string>(this), StreamProbes.Sink<int>(this));
        source.Source.Select(text => text.Length).RunWith(sink.Sink, _materializer);

        await sink.RequestAsync();
        Assert.True(await source.ExpectRequestAsync() > 0);
        await source.SendNextAsync("four");
        Assert.Equal(4, await sink.ExpectNextAsync());
        await source.SendCompleteAsync();
        await sink.ExpectCompleteAsync();
    }

    [Fact]
    public async Task The_source_fails_as_the_test_says()
    {
        var (source, sink) = (StreamProbes.Source<int>(this), StreamProbes.Sink<int>(this));
        source.Source.RunWith(sink.Sink, _materializer);

        await source.SendErrorAsync(new IOException("broken"));
        Assert.Equal("broken", (await sink.ExpectErrorAsync()).Message);
    }
}
