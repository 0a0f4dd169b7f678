using ActorAgents.Host.Providers.Remote;
using ActorAgents.Providers;

namespace ActorAgents.Host.Tests.Configuration;

public sealed class RemoteProviderTests : IDisposable
{
    private const string Default = "ActorAgents__Providers__default__";
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public void A_kind_from_the_environment_discards_what_the_file_says_of_another_kind()
    {
        _configuration.Write("appsettings.json",
            """{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "openai", "Model": "m", "ApiKey": "of-openai", "Endpoint": "http://a/v1" } } } }""");
        _configuration.Environment[Default + "Kind"] = "ollama";
        _configuration.Environment[Default + "Model"] = "llama";

        var options = Options();

        Assert.Equal(("ollama", "llama", null, null), (options.Kind, options.Model, options.ApiKey, options.Endpoint));
    }

    [Fact]
    public void The_embedded_providers_pace_is_in_nobodys_way()
    {
        _configuration.Environment[Default + "Kind"] = "anthropic";
        _configuration.Environment[Default + "Model"] = "m";

        Assert.Equal("anthropic", Options().Kind);
    }

    [Fact]
    public void The_same_kind_from_the_environment_discards_nothing()
    {
        _configuration.Environment[Default + "Kind"] = "Embedded";

        Assert.Equal("none", _configuration.Load().Settings.Providers.Single().Values["Pace"]);
    }

    [Fact]
    public void Every_key_is_read()
    {
        _configuration.Write("appsettings.json", """
            { "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": {
                "Kind": "openai", "Model": "m", "Endpoint": "https://a.example/v1", "ApiKey": " secret ", "Headers": { "X-Team": "blue" }, "MaxOutputTokens": 99,
                "Fallback": "b, c", "BreakerRequests": 4, "BreakerPause": 2.5, "ConnectTimeout": 3, "MaxConnections": 7 },
                "b": { "Kind": "embedded" }, "c": { "Kind": "embedded" } } } }
            """);

        var options = Options();

        Assert.Equal(("openai", "m", new Uri("https://a.example/v1"), "secret", 99), (options.Kind, options.Model, options.Endpoint, options.ApiKey, options.MaxOutputTokens));
        Assert.Equal(new KeyValuePair<string, string>("X-Team", "blue"), options.Headers.Single());
        Assert.Equal(["b", "c"], options.Fallback);
        Assert.Equal((4, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3), 7), (options.BreakerRequests, options.BreakerPause, options.ConnectTimeout, options.MaxConnections));
    }

    [Theory]
    [InlineData("Endpoint", "localhost:1234", "must be an http or https address, not 'localhost:1234'.")]
    [InlineData("MaxOutputTokens", "-1", "must be a whole number from 1, not '-1'.")]
    [InlineData("BreakerRequests", "1", "must be a whole number from 2, or 0 for no breaker, not '1'.")]
    [InlineData("BreakerPause", "0", "must be seconds from 0.5 to 86400, not '0'.")]
    [InlineData("ContinuesText", "yes", "must be true where the model goes on after the beginning of its answer, or false, not 'yes'.")]
    [InlineData("Headers", "X-Team: blue", "must be an object of names and values.")]
    [InlineData("Fallback", ",", "must be names of other providers in a row")]
    [InlineData("Fallback", "defalt", "names 'defalt', which is no other provider. Others: none.")]
    [InlineData("Fallback", "default", "names 'default', which is no other provider. Others: none.")]
    [InlineData("Modell", "m", "is not a key that is known here. Did you mean 'Model'?")]
    [InlineData("Pace", "none", "is not a key that is known here.")]
    public void A_wrong_value_is_named(string key, string value, string expected)
    {
        Remote();
        _configuration.Environment[Default + key] = value;

        Assert.StartsWith($"environment variable {Default}{key}: 'ActorAgents:Providers:default:{key}' {expected}", _configuration.Mistakes().Single());
    }

    [Theory]
    [InlineData("ApiKey")]
    [InlineData("Headers__Authorization")]
    public void A_secret_is_in_no_message(string key)
    {
        Remote();
        _configuration.Environment[Default + key] = "se\ncret";

        var mistake = _configuration.Mistakes().Single();

        Assert.Contains("must be", mistake);
        Assert.DoesNotContain("cret", mistake);
    }

    private void Remote()
    {
        _configuration.Environment[Default + "Kind"] = "openai";
        _configuration.Environment[Default + "Model"] = "m";
    }

    private ProviderOptions Options() => RemoteProvider.Options(_configuration.Load().Settings.Providers.Single(provider => provider.Name == "default"));
}
