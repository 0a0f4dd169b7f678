using ActorAgents.Host.Configuration;
using ActorAgents.Host.Logging;

namespace ActorAgents.Host.Tests.Configuration;

public sealed class HostConfigurationTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public void The_configuration_that_comes_with_the_program_is_valid()
    {
        var configuration = HostConfiguration.Load(ConfigurationFolders.Find(null), Role.Local, new Dictionary<string, string?>());

        Assert.Equal("assistant", configuration.Settings.DefaultKind);
        Assert.Equal(["assistant", "courier", "storyteller"], configuration.Agents.Select(a => a.Kind));
        Assert.Equal("embedded", configuration.Settings.Providers.Single().Kind.Name);
    }

    [Fact]
    public void The_environment_overrides_the_file()
    {
        _configuration.Environment["ActorAgents__Providers__default__Pace"] = "20";
        _configuration.Environment["ActorAgents__MaxLiveTurns"] = "3";
        _configuration.Environment["UNRELATED"] = "x";

        var settings = _configuration.Load().Settings;

        Assert.Equal("20", settings.Providers.Single().Values["Pace"]);
        Assert.Equal(3, settings.MaxLiveTurns);
    }

    [Theory]
    [InlineData("ActorAgents__Providers__default__Kind", "oracle", "environment variable ActorAgents__Providers__default__Kind: 'ActorAgents:Providers:default:Kind' 'oracle' is not a provider kind. Valid kinds: anthropic, embedded, ollama, openai, openai-compatible, openai-responses.")]
    [InlineData("ActorAgents__Providers__default__Kind", "ollama", "appsettings.json: 'ActorAgents:Providers:default:Model' is missing: a provider of kind 'ollama' needs it.")]
    [InlineData("ActorAgents__Providers__default__Kind", "embeded", "Did you mean 'embedded'?")]
    [InlineData("ActorAgents__Providers__other__Pace", "none", "environment variable ActorAgents__Providers__other__Pace: 'ActorAgents:Providers:other' has no 'Kind'. Valid kinds: anthropic, embedded, ollama, openai, openai-compatible, openai-responses.")]
    [InlineData("ActorAgents__Providers__default__Pace", "fast", "environment variable ActorAgents__Providers__default__Pace: 'ActorAgents:Providers:default:Pace' must be human (40 tokens a second), none, or tokens a second")]
    [InlineData("ActorAgents__DefaultKnd", "x", "environment variable ActorAgents__DefaultKnd: 'ActorAgents:DefaultKnd' is not a key that is known here. Did you mean 'DefaultKind'?")]
    [InlineData("ActorAgents__MaxLiveTurns", "0", "'ActorAgents:MaxLiveTurns' must be a whole number from 1, not '0'.")]
    [InlineData("ActorAgents__DefaultKind", "helpr", "'ActorAgents:DefaultKind' is 'helpr', which is no agent. Did you mean 'helper'? Valid kinds: helper.")]
    public void A_wrong_variable_is_named(string variable, string value, string expected)
    {
        _configuration.Environment[variable] = value;

        Assert.Contains(_configuration.Mistakes(), m => m.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "ActorAgents": { "Providers": { "default": { "Kind": "embedded", "Pce": "none" } } } }""", "appsettings.json: 'ActorAgents:Providers:default:Pce' is not a key that is known here. Did you mean 'Pace'? Valid keys: Kind, Pace.")]
    [InlineData("""{ "ActorAgents": { "Providers": { "default": { "Kind": "embedded", "Pace": 0 } } } }""", "'ActorAgents:Providers:default:Pace' must be human")]
    [InlineData("""{ "ActorAgents": { "Providers": { "default": { "Kind": { "a": 1 } } } } }""", "'ActorAgents:Providers:default:Kind' must be a single value.")]
    [InlineData("""{ "ActorAgents": { "Providers": { "default": "embedded" } } }""", "'ActorAgents:Providers:default' must be an object with a \"Kind\".")]
    [InlineData("""{ "ActorAgents": { } }""", "'ActorAgents:Providers' must hold at least one provider")]
    [InlineData("""{ "ActorAgnts": { } }""", "appsettings.json:1: 'ActorAgnts' is not a key that is known here. Did you mean 'ActorAgents'?")]
    [InlineData("""{ "ActorAgents": { "DefaultKind": "a", "defaultkind": "b" } }""", "appsettings.json:1: the key 'defaultkind' is there twice")]
    [InlineData("""{ "ActorAgents": { "DefaultKind": "a" }""", "appsettings.json:1:40: not valid JSON:")]
    public void A_wrong_settings_file_is_named(string json, string expected)
    {
        _configuration.Write("appsettings.json", json);

        Assert.Contains(_configuration.Mistakes(), m => m.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("appsettings.json", "appsettings.json: the file is missing.")]
    [InlineData("serilog.json", "serilog.json: the file is missing.")]
    [InlineData("agents", "agents: the folder is missing.")]
    [InlineData("agents/helper.json", "agents: there is no .json file in it")]
    public void What_is_missing_is_named(string file, string expected)
    {
        _configuration.Delete(file);

        Assert.Contains(_configuration.Mistakes(), m => m.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var folder = _configuration.Path("nowhere");

        var error = Assert.Throws<HostConfigurationException>(() => HostConfiguration.Load(ConfigurationFolders.Find(folder), Role.Local, new Dictionary<string, string?>()));

        Assert.Contains($"{folder}: the folder is missing.", error.Message);
    }

    [Fact]
    public void An_agent_without_a_provider_needs_the_default_one()
    {
        _configuration.Write("appsettings.json", """{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "main": { "Kind": "embedded" } } } }""");

        Assert.Equal(["agents/helper.json: 'provider' is missing and there is no provider 'default'. Valid providers: main."], _configuration.Mistakes());
    }

    [Fact]
    public void A_wrong_provider_is_reported_once_and_not_again_for_each_agent_that_names_it()
    {
        _configuration.Environment["ActorAgents__Providers__default__Kind"] = "oracle";

        Assert.Single(_configuration.Mistakes());
    }

    [Fact]
    public void A_hocon_folder_beside_the_agents_takes_the_place_of_the_programs()
    {
        _configuration.Write("hocon/common.conf", "a = 1").Write("hocon/local.conf", "b = ${a}2");

        Assert.Equal("12", _configuration.Load().Hocon.GetString("b"));
    }

    [Fact]
    public void A_hocon_file_that_is_missing_or_malformed_is_named()
    {
        _configuration.Write("hocon/common.conf", "a = ${nowhere}");

        var mistakes = _configuration.Mistakes();
        Assert.Contains("hocon/local.conf: the file is missing.", mistakes);
        Assert.Contains(mistakes, m => m.StartsWith("hocon/common.conf: not valid HOCON:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("WriteToo", "'Serilog:WriteToo' is not a key that is known here. Did you mean 'WriteTo'?")]
    [InlineData("MinimumLevel__Defualt", "'Serilog:MinimumLevel:Defualt' is not a key that is known here. Did you mean 'Default'?")]
    public void A_key_that_serilog_would_pass_over_is_named(string key, string expected)
    {
        _configuration.Environment["Serilog__" + key] = "Debug";

        Assert.Contains(expected, _configuration.Mistakes().Single());
    }

    [Fact]
    public void Serilog_settings_that_serilog_cannot_use_are_named()
    {
        _configuration.Write("serilog.json", """{ "Serilog": { "Using": [ "Serilog.Sinks.Nowhere" ] } }""");

        var error = Assert.Throws<HostConfigurationException>(() => HostLogger.Create(_configuration.Load().Serilog, "serilog.json", TextWriter.Null));
        Assert.StartsWith("serilog.json", Assert.Single(error.Mistakes).Where);
    }

    [Fact]
    public void A_sink_that_does_not_exist_is_named()
    {
        _configuration.Write("serilog.json", """{ "Serilog": { "Using": [ "Serilog.Sinks.File" ], "WriteTo": [ { "Name": "Flie" } ] } }""");

        Assert.Contains("Flie", Assert.Throws<HostConfigurationException>(() => HostLogger.Create(_configuration.Load().Serilog, "serilog.json", TextWriter.Null)).Message);
    }

    [Theory]
    [InlineData("clok", " Did you mean 'clock'?")]
    [InlineData("CLOCK", " Did you mean 'clock'?")]
    [InlineData("colck", " Did you mean 'clock'?")]
    [InlineData("calendar", "")]
    [InlineData("", "")]
    public void A_name_is_guessed_only_when_it_is_near(string name, string hint) => Assert.Equal(hint, NearestName.Hint(name, ["clock", "calculator"]));
}
