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

    private static ProviderException Failure(TurnErrorKind kind) => new(new(kind, "no"));

    private static Task<ProviderException> FailAsync(IChatClient client, string prompt) =>
        Assert.ThrowsAsync<ProviderException>(() => client.GetStreamingResponseAsync(prompt).ToChatResponseAsync());
}
