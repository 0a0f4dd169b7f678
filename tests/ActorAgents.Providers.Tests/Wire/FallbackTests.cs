namespace ActorAgents.Providers.Tests.Wires;

/// <summary>Fallback and breaker as options turn them on.</summary>
public sealed class FallbackTests : WireTest
{
    [Fact]
    public async Task Another_kind_answers_with_its_own_model()
    {
        await using var broken = new WireServer(request => request.FailAsync("503 Service Unavailable", """{"type":"error","error":{"type":"api_error","message":"Down."}}"""));
        await using var sound = WireServer.Streaming("ollama", [.. Frames.Text("ollama", "Yes."), .. Frames.End("ollama", full: false)]);
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", broken.Options("anthropic") with { Fallback = ["local"] })
            .AddProvider("local", sound.Options("ollama") with { Model = "model-2" })
            .AddAgent("writer", a => a.WithModel("model-1")));

        Assert.Equal("Yes.", Assert.IsType<TurnCompleted>((await ReadAsync(runtime))[^1]).Text);
        Assert.Equal("model-2", sound.Requests.Single().Body.GetProperty("model").GetString());
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_left_alone()
    {
        await using var server = new WireServer(request => request.FailAsync("500 Internal Server Error", "{}"));
        await using var runtime = await StartAsync(server.Options("openai") with { BreakerRequests = 2, BreakerPause = TimeSpan.FromHours(1) });
        for (var i = 0; i < 2; i++) await ReadAsync(runtime);

        var error = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]).Error;

        Assert.Equal(TurnErrorKind.Transient, error.Kind);
        Assert.Contains("tried again in", error.Message);
        Assert.Equal(2, server.Requests.Count);
    }
}
