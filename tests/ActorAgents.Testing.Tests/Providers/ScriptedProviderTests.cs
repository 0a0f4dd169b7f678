using Microsoft.Extensions.AI;

namespace ActorAgents.Testing.Tests;

public sealed class ScriptedProviderTests
{
    [Fact]
    public async Task Requests_are_answered_by_the_scripts_in_order_and_then_refused_with_both_counts()
    {
        var provider = new ScriptedProvider("one", "two");

        Assert.Equal("one", (await provider.ReadAsync())[0].Text);
        Assert.Equal("two", (await provider.GetResponseAsync(Reading.Hello)).Text);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => provider.ReadAsync());
        Assert.Contains("asked 3 times but has 2 scripts", refusal.Message);
        provider.Enqueue("three", "four");
        Assert.Equal("four", (await provider.ReadAsync())[0].Text);
    }

    [Fact]
    public async Task A_function_answers_from_the_request()
    {
        var provider = new ScriptedProvider(request => $"{request.Index}: {request.Prompt}");

        Assert.Equal("0: Hello", (await provider.GetResponseAsync(Reading.Hello)).Text);
        Assert.Throws<InvalidOperationException>(() => provider.Enqueue("more"));
    }

    [Fact]
    public async Task Requests_are_recorded_as_they_were_when_made()
    {
        var provider = ScriptedProvider.Always("ok");
        var message = new ChatMessage(ChatRole.User, "before");
        var messages = new List<ChatMessage> { message };
        var options = new ChatOptions { Temperature = 0.5f };

        await provider.GetResponseAsync(messages, options);
        message.Contents.Add(new TextContent("after"));
        messages.Add(new(ChatRole.User, "later"));
        options.Temperature = 1;

        var request = Assert.Single(provider.Requests);
        Assert.Equal("before", Assert.Single(request.Messages).Text);
        Assert.Equal(0.5f, request.Options!.Temperature);
        Assert.False(request.IsStreaming);
    }

    [Fact]
    public async Task Pulls_enumerators_and_open_streams_are_counted()
    {
        var provider = ScriptedProvider.Always(Script.Text("a", "b", "c"));
        var unread = provider.Ask();
        Assert.Equal((1, 0, 0), (provider.CallsStarted, provider.EnumeratorsCreated, provider.InFlight));

        var reader = unread.GetAsyncEnumerator();
        await reader.MoveNextAsync();
        await reader.MoveNextAsync();
        Assert.Equal((2, 1, 1, 0), (provider.ChunksPulled, provider.EnumeratorsCreated, provider.InFlight, provider.EnumeratorsDisposed));

        await reader.DisposeAsync();
        await provider.ReleasedAsync();
        Assert.Equal((1, 0), (provider.EnumeratorsDisposed, provider.InFlight));
        Assert.Equal(2, provider.Requests[0].Pulls);
    }

    [Fact]
    public async Task Requests_that_are_not_kept_are_still_counted()
    {
        var provider = ScriptedProvider.Always(Script.Text("a", "b"), keepRequests: false);
        await provider.ReadAsync();

        Assert.Empty(provider.Requests);
        Assert.Equal((1, 4), (provider.CallsStarted, provider.ChunksPulled));
    }

    [Fact]
    public void It_tells_its_metadata_and_hides_nothing_that_wraps_it()
    {
        using var provider = new ScriptedProvider { Model = "tiny" };

        var metadata = provider.GetService<ChatClientMetadata>()!;
        Assert.Equal(("scripted", "tiny"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(provider, provider.GetService<ScriptedProvider>());
        Assert.Null(provider.GetService<FunctionInvokingChatClient>());
        Assert.Null(provider.GetService<ScriptedProvider>("key"));
    }

    [Fact]
    public async Task Text_without_delay_is_there_as_soon_as_asked_for()
    {
        await using var reader = new ScriptedProvider(Script.Text("a")).Ask().GetAsyncEnumerator();

        Assert.True(reader.MoveNextAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_request_after_disposal_is_a_violation()
    {
        var provider = ScriptedProvider.Always("a");
        provider.Dispose();
        await provider.ReadAsync();

        Assert.Contains("after the provider was disposed", Assert.Single(provider.Violations));
    }
}
