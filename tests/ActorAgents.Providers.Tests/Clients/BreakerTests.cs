using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class BreakerTests
{
    private static readonly ProviderOptions Options = new() { Kind = "openai", BreakerRequests = 4, BreakerPause = TimeSpan.FromSeconds(15) };
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_provider_that_keeps_failing_is_not_asked_until_the_pause_is_over()
    {
        var provider = new ScriptedProvider(request => request.Prompt == "fail" ? Script.Throw(Failure(TurnErrorKind.Transient)) : Script.Text("Yes."));
        using var client = new BreakerChatClient(provider, Options, _time.Provider);
        for (var i = 0; i < 4; i++) await FailAsync(client, "fail");

        var open = await FailAsync(client, "go");

        Assert.Equal((TurnErrorKind.Transient, TimeSpan.FromSeconds(15)), (open.Kind, open.RetryAfter));
        Assert.Contains("tried again in 15 s", open.Message);
        Assert.Equal(4, provider.CallsStarted);
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("Yes.", (await client.GetStreamingResponseAsync("go").ToChatResponseAsync()).Text);
        Assert.Equal("Yes.", (await client.GetResponseAsync("go")).Text);
    }

    [Theory]
    [InlineData(TurnErrorKind.RateLimited)]
    [InlineData(TurnErrorKind.Authentication)]
    [InlineData(TurnErrorKind.InvalidRequest)]
    public async Task What_is_not_the_providers_fault_does_not_open_it(TurnErrorKind kind)
    {
        var provider = new ScriptedProvider(_ => Script.Throw(Failure(kind)));
        using var client = new BreakerChatClient(provider, Options, _time.Provider);

        for (var i = 0; i < 8; i++) Assert.Equal(kind, (await FailAsync(client, "go")).Kind);

        Assert.Equal(8, provider.CallsStarted);
    }

    [Fact]
    public async Task Cancelled_requests_do_not_hide_failures()
    {
        using var client = new BreakerChatClient(Obedient(), Options, _time.Provider);
        for (var i = 0; i < 20; i++) await CancelAsync(client);
        for (var i = 0; i < 4; i++) await FailAsync(client, "fail");

        Assert.Contains("tried again in 15 s", (await FailAsync(client, "go")).Message);
    }

    [Fact]
    public async Task Cancelled_requests_do_not_open_it()
    {
        using var client = new BreakerChatClient(Obedient(), Options, _time.Provider);

        for (var i = 0; i < 20; i++) await CancelAsync(client);

        Assert.Equal("Yes.", (await client.GetResponseAsync("go")).Text);
    }

    [Fact]
    public async Task A_try_that_is_cancelled_waits_for_another_pause()
    {
        using var client = new BreakerChatClient(Obedient(), Options, _time.Provider);
        for (var i = 0; i < 4; i++) await FailAsync(client, "fail");
        _time.Advance(TimeSpan.FromSeconds(16));

        await CancelAsync(client);

        Assert.Equal(TimeSpan.FromSeconds(15), (await FailAsync(client, "go")).RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("Yes.", (await client.GetResponseAsync("go")).Text);
        Assert.Equal("Yes.", (await client.GetResponseAsync("go")).Text);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_with_another_exception_is_cancelled_all_the_same()
    {
        using var turn = new CancellationTokenSource();
        var provider = new ScriptedProvider(request => request.Prompt == "go" ? Script.Text("Yes.") : Script.Throw(new IOException("aborted")));
        using var client = new BreakerChatClient(provider, Options, _time.Provider);
        await turn.CancelAsync();

        for (var i = 0; i < 8; i++) await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync("abort", cancellationToken: turn.Token));

        Assert.Equal("Yes.", (await client.GetResponseAsync("go")).Text);
    }

    [Fact]
    public async Task While_a_request_tries_for_long_whether_it_works_again_others_are_refused_without_a_wait()
    {
        using var turn = new CancellationTokenSource();
        var provider = Obedient();
        using var client = new BreakerChatClient(provider, Options, _time.Provider);
        for (var i = 0; i < 4; i++) await FailAsync(client, "fail");
        _time.Advance(TimeSpan.FromSeconds(18));
        var trying = client.GetResponseAsync("hang", cancellationToken: turn.Token);
        await provider.StalledAsync();
        _time.Advance(TimeSpan.FromSeconds(18)); // Longer than another pause.

        var refusal = await FailAsync(client, "go");

        Assert.Equal((TurnErrorKind.Transient, null), (refusal.Kind, refusal.RetryAfter));
        Assert.DoesNotMatch("[0-9]", refusal.Message);
        await turn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
    }

    /// <summary>It does what it is asked to: fails, hangs, or answers.</summary>
    private static ScriptedProvider Obedient() => new(request => request.Prompt switch
    {
        "fail" => Script.Throw(Failure(TurnErrorKind.Transient)),
        "hang" => Script.Stall(),
        _ => Script.Text("Yes."),
    });

    private static async Task CancelAsync(IChatClient client)
    {
        using var turn = new CancellationTokenSource();
        var hanging = client.GetStreamingResponseAsync("hang", cancellationToken: turn.Token).ToChatResponseAsync(turn.Token);
        await turn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    private static ProviderException Failure(TurnErrorKind kind) => new(new(kind, "no"));

    private static Task<ProviderException> FailAsync(IChatClient client, string prompt) =>
        Assert.ThrowsAsync<ProviderException>(() => client.GetStreamingResponseAsync(prompt).ToChatResponseAsync());
}
