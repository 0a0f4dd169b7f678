using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests;

public sealed class ProviderClientTests
{
    [Theory]
    [InlineData("openai", "OPENAI_API_KEY")]
    [InlineData("openai-responses", "OPENAI_API_KEY")]
    [InlineData("anthropic", "ANTHROPIC_API_KEY")]
    public async Task Without_a_key_it_starts_and_tells_what_it_is_and_the_first_request_says_what_is_missing(string kind, string variable)
    {
        using var client = ProviderClient.Create(new ProviderOptions { Kind = kind, Model = "model-1" }, environment: _ => null);

        Assert.Equal((kind, "model-1"), client.GetService<ChatClientMetadata>() is { } about ? (about.ProviderName, about.DefaultModelId) : default);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hi"));
        Assert.Equal(TurnErrorKind.Authentication, error.Kind);
        Assert.Contains(variable, error.Message);
    }

    [Theory, InlineData("openai"), InlineData("openai-responses"), InlineData("anthropic"), InlineData("ollama"), Trait("Behaviour", "T35"), Trait("Behaviour", "T36")]
    public async Task What_a_provider_can_do_is_known_without_credentials(string kind)
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ProviderOptions { Kind = kind, Model = "model-1" })
            .AddAgent("writer"));

        var info = await runtime.Agents["writer", "1"].GetProviderInfoAsync();

        Assert.Equal(("default", kind, "model-1", true, true), (info.Name, info.Kind, info.Model, info.SupportsStreaming, info.SupportsTools));
    }

    [Fact]
    public async Task Wrong_options_are_told_when_the_runtime_starts()
    {
        var mistake = await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ProviderOptions { Kind = "openay" })
            .AddProvider("other", new ProviderOptions { Kind = "ollama", BreakerRequests = 1 })
            .AddProvider("third", new ProviderOptions { Kind = "ollama", Fallback = ["fourth"] })));

        Assert.Contains("'openay' is not a kind of provider. Kinds: openai, openai-responses, anthropic, ollama, openai-compatible.", mistake.Message);
        Assert.Contains("BreakerRequests", mistake.Message);
        Assert.Contains("Provider 'third' falls back to 'fourth'", mistake.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_failure_that_names_it()
    {
        foreach (var kind in ProviderKinds.Names)
        {
            using var client = ProviderClient.Create(new ProviderOptions { Kind = kind, Model = "m", ApiKey = "k", Endpoint = new Uri("http://127.0.0.1:9/v1") });

            var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hi"));

            Assert.Equal(TurnErrorKind.Transient, error.Kind);
            Assert.Contains("127.0.0.1:9", error.Message);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("box", "http://box:11434/")]
    [InlineData(":5000", "http://127.0.0.1:5000/")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("0.0.0.0:80", "http://127.0.0.1/")]
    [InlineData("https://ollama.example/", "https://ollama.example/")]
    [InlineData("http://box:80", "http://box/")]
    [InlineData("no host", null)]
    public void Ollamas_host_is_read_as_ollama_does(string value, string? expected) => Assert.Equal(expected, OllamaChat.HostOf(value)?.ToString());

    [Fact]
    public void A_host_that_is_none_is_told_with_its_variable() =>
        Assert.Contains("OLLAMA_HOST", Assert.Throws<ArgumentException>(() => ProviderClient.Create(new() { Kind = "ollama" }, environment: _ => "no host")).Message);

    [Fact]
    public void The_key_is_no_part_of_the_options_text() =>
        Assert.DoesNotContain("secret", new ProviderOptions { Kind = "openai", ApiKey = "secret" }.ToString());
}
