using System.Text.Json;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Agents;

namespace ActorAgents.Host.Tests.Configuration;

public sealed class AgentFileTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public void A_whole_file_becomes_a_definition()
    {
        var agent = Read("""
            {
              // comments are allowed
              "kind": "writer", "description": "Writes.", "instructions": "Write.", "provider": "default", "model": "large",
              "tools": ["calculator", "clock"], "onBusy": "steer",
              "limits": { "maxToolRounds": 5, "toolTimeout": 2.5, "idleTimeout": "00:01:30", "totalTimeout": "none", "maxTurnTokens": 5000000000 }
            }
            """);

        Assert.Equal(("writer", "Writes.", "Write.", "default", "large"), (agent.Kind, agent.Description, agent.Instructions, agent.Provider, agent.Chat?.ModelId));
        Assert.Equal(["calculator", "clock"], agent.Tools);
        Assert.Equal(BusyPolicy.Steer, agent.OnBusy);
        Assert.Equal(AgentLimits.Default with
        {
            MaxToolRounds = 5, ToolTimeout = TimeSpan.FromSeconds(2.5), IdleTimeout = TimeSpan.FromSeconds(90),
            TotalTimeout = Timeout.InfiniteTimeSpan, MaxTurnTokens = 5_000_000_000,
        }, agent.Limits);
    }

    [Fact]
    public void A_kind_alone_is_enough()
    {
        var agent = Read("""{ "kind": "writer" }""");

        Assert.Equal(("default", BusyPolicy.Queue, AgentLimits.Default), (agent.Provider, agent.OnBusy, agent.Limits));
        Assert.Null(agent.Chat);
        Assert.Null(agent.ForgetAfter);
        Assert.Empty(agent.Tools);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("\"24:00:00\"", 24 * 3600)]
    [InlineData("\"1.00:00:00\"", 24 * 3600)]
    [InlineData("\"36:00:05\"", 36 * 3600 + 5)]
    [InlineData("\"none\"", null)]
    public void An_idle_agent_is_forgotten_after_the_time_that_its_file_gives(string json, int? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, Read($$"""{ "kind": "writer", "forgetAfter": {{json}} }""").ForgetAfter);

    [Fact]
    public void What_outlives_the_process_is_read()
    {
        var agent = Read("""{ "kind": "writer", "durability": "before-publish", "recovery": "close", "maxResumptions": 0, "keepTurnsFor": "01:00:00" }""");
        var plain = Read("""{ "kind": "writer" }""");

        Assert.Equal((Durability.BeforePublish, TurnRecovery.Close, 0, TimeSpan.FromHours(1)), (agent.Durability, agent.Recovery, agent.MaxResumptions, agent.KeepTurnsFor));
        Assert.Equal((Durability.None, TurnRecovery.Resume, 3, TimeSpan.FromMinutes(5)), (plain.Durability, plain.Recovery, plain.MaxResumptions, plain.KeepTurnsFor));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { """{ "instructions": "x" }""", "agents/writer.json:1: 'kind' is missing." },
        { """{ "kind": "" }""", "agents/writer.json:1: 'kind' must not be empty, not \"\"." },
        { """{ "kind": 5 }""", "agents/writer.json:1: 'kind' must be a text in quotes, not 5." },
        { """{ "kind": "The Writer" }""", "agents/writer.json:1: 'kind' must be a lower-case letter, then up to 63 lower-case letters, digits or '-', not \"The Writer\"." },
        { "{ \"kind\": \"writer\",\n \"instuctions\": \"x\" }", "agents/writer.json:2: 'instuctions' is not a key that is known here. Did you mean 'instructions'? Valid keys: description, durability, forgetAfter, instructions, keepTurnsFor, kind, limits, maxResumptions, mcp, model, onBusy, provider, recovery, tools." },
        { """{ "kind": "writer", "Provider": "default" }""", "agents/writer.json:1: 'Provider' is not a key that is known here. Did you mean 'provider'?" },
        { """{ "kind": "writer", "zebra": 1 }""", "agents/writer.json:1: 'zebra' is not a key that is known here. Valid keys:" },
        { "{ \"kind\": \"writer\",\n \"tools\": [\n \"clok\" ] }", "agents/writer.json:3: 'tools' names 'clok', which is no tool. Did you mean 'clock'? Valid tools: calculator, clock, long-task, send-message." },
        { """{ "kind": "writer", "tools": ["clock", "clock"] }""", "agents/writer.json:1: 'tools' names 'clock' twice." },
        { """{ "kind": "writer", "tools": "clock" }""", "agents/writer.json:1: 'tools' must be an array of texts [ … ], not \"clock\"." },
        { """{ "kind": "writer", "tools": ["clock", 3] }""", "agents/writer.json:1: 'tools' must hold only texts in quotes, not 3." },
        { """{ "kind": "writer", "provider": "defualt" }""", "agents/writer.json:1: 'provider' must name a provider of appsettings.json (there: default), not \"defualt\". Did you mean 'default'?" },
        { """{ "kind": "writer", "model": " " }""", "agents/writer.json:1: 'model' must not be empty, not \" \"." },
        { """{ "kind": "writer", "onBusy": "Queue" }""", "agents/writer.json:1: 'onBusy' must be one of interrupt, queue, reject, steer, not \"Queue\". Did you mean 'queue'?" },
        { """{ "kind": "writer", "limits": [] }""", "agents/writer.json:1: 'limits' must be an object { … }, not an array." },
        { """{ "kind": "writer", "limits": { "maxToolRound": 1 } }""", "agents/writer.json:1: 'limits.maxToolRound' is not a key that is known here. Did you mean 'maxToolRounds'?" },
        { """{ "kind": "writer", "limits": { "maxToolRounds": -1 } }""", "agents/writer.json:1: 'limits.maxToolRounds' must be a whole number from 0 to 2147483647, not -1." },
        { """{ "kind": "writer", "limits": { "maxParallelTools": 0 } }""", "agents/writer.json:1: 'limits.maxParallelTools' must be a whole number from 1 to 2147483647, not 0." },
        { """{ "kind": "writer", "limits": { "retries": 1.5 } }""", "agents/writer.json:1: 'limits.retries' must be a whole number from 0 to 2147483647, not 1.5." },
        { """{ "kind": "writer", "limits": { "retries": 3000000000 } }""", "agents/writer.json:1: 'limits.retries' must be a whole number from 0" },
        { """{ "kind": "writer", "limits": { "retries": "2" } }""", "agents/writer.json:1: 'limits.retries' must be a whole number from 0 to 2147483647, not \"2\"." },
        { """{ "kind": "writer", "limits": { "idleTimeout": 0 } }""", "agents/writer.json:1: 'limits.idleTimeout' must be seconds as a number above 0, \"hh:mm:ss\", or \"none\", and at most 365 days, not 0." },
        { """{ "kind": "writer", "limits": { "idleTimeout": "10" } }""", "'limits.idleTimeout' must be seconds as a number above 0" },
        { """{ "kind": "writer", "limits": { "idleTimeout": "00:00:00" } }""", "'limits.idleTimeout' must be seconds as a number above 0" },
        { """{ "kind": "writer", "limits": { "idleTimeout": 1e300 } }""", "'limits.idleTimeout' must be seconds as a number above 0" },
        { """{ "kind": "writer", "limits": { "idleTimeout": null } }""", "'limits.idleTimeout' must be seconds as a number above 0, \"hh:mm:ss\", or \"none\", and at most 365 days, not null." },
        { """{ "kind": "writer", "forgetAfter": 0 }""", "agents/writer.json:1: 'forgetAfter' must be seconds as a number above 0, \"hh:mm:ss\", or \"none\", and at most 365 days, not 0." },
        { """{ "kind": "writer", "forgetAfter": "8760:00:01" }""", "agents/writer.json:1: 'forgetAfter' must be seconds as a number above 0" },
        { """{ "kind": "writer", "forgetAfter": "-24:00:00" }""", "agents/writer.json:1: 'forgetAfter' must be seconds as a number above 0" },
        { """{ "kind": "writer", "forgetAfter": "a day" }""", "agents/writer.json:1: 'forgetAfter' must be seconds as a number above 0" },
        { """{ "kind": "writer", "durability": "turns" }""", "agents/writer.json:1: 'durability' must be one of before-publish, none, turn, not \"turns\". Did you mean 'turn'?" },
        { """{ "kind": "writer", "durability": "turn", "recovery": "restart" }""", "agents/writer.json:1: 'recovery' must be one of close, resume, not \"restart\"." },
        { """{ "kind": "writer", "recovery": "close" }""", "agents/writer.json:1: 'recovery' is for agents that survive a restart: give 'durability' as well." },
        { """{ "kind": "writer", "durability": "none", "maxResumptions": 1 }""", "agents/writer.json:1: 'maxResumptions' is for agents that survive a restart" },
        { """{ "kind": "writer", "durability": "turn", "maxResumptions": -1 }""", "agents/writer.json:1: 'maxResumptions' must be a whole number from 0 to 2147483647, not -1." },
        { """{ "kind": "writer", "keepTurnsFor": "none" }""", "agents/writer.json:1: 'keepTurnsFor' must be seconds as a number above 0 or \"hh:mm:ss\", and at most 365 days, not \"none\"." },
        { "{ \"kind\": \"writer\",\n \"kind\": \"reader\" }", "agents/writer.json:2: the key 'kind' is there twice; it was first given in line 1." },
        { "{\n \"kind\": \"writer\"\n \"tools\": [] }", "agents/writer.json:3:2: not valid JSON:" },
        { """{ "kind": "writer", }""", "agents/writer.json:1:21: not valid JSON:" },
        { """{ "kind": "writer" """, "agents/writer.json:1:20: not valid JSON:" },
        { """{ "kind": "\ud800" }""", "agents/writer.json:1: a string is not valid Unicode text." },
        { "", "agents/writer.json:1:1: not valid JSON:" },
        { "[]", "agents/writer.json:1: expected an object { … }, found an array." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_mistake_names_file_line_key_and_what_is_valid(string json, string expected)
    {
        _configuration.Write("agents/writer.json", json);

        Assert.Contains(_configuration.Mistakes(), m => m.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_listed_at_once()
    {
        _configuration
            .Write("agents/a.json", """{ "kind": "A", "tool": [], "onBusy": "wait", "limits": { "retries": -1, "idleTimeout": 0, "speed": 3 } }""")
            .Write("agents/b.json", "{")
            .Write("appsettings.json", """{ "ActorAgents": { "DefaultKind": "helper", "Providers": { "default": { "Kind": "embeded" } } } }""");

        var mistakes = _configuration.Mistakes();

        Assert.Equal(8, mistakes.Count);
        Assert.Equal(["agents/a.json:1", "agents/b.json:1:2"], mistakes.Where(m => m.StartsWith("agents")).Select(m => m.Split(": ")[0]).Distinct());
    }

    [Fact]
    public void The_message_counts_the_mistakes_and_gives_each_a_line()
    {
        _configuration.Write("agents/a.json", """{ "kind": "A", "b": 1 }""");

        var lines = Assert.Throws<HostConfigurationException>(_configuration.Load).Message.Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Equal("The configuration has 2 mistakes:", lines[0]);
    }

    [Fact]
    public void A_kind_defined_twice_names_both_files()
    {
        _configuration.Write("agents/other.json", "{\n \"kind\": \"helper\" }");

        Assert.Matches(@"^agents.other\.json:2: the kind 'helper' is defined twice; it was first defined in agents.helper\.json:1\.$", Assert.Single(_configuration.Mistakes()));
    }

    [Fact]
    public void Every_limit_of_the_runtime_can_be_set_by_its_name()
    {
        var names = typeof(AgentLimits).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

        Assert.Equal(names.Order(), LimitTable.All.Select(l => l.Name).Order());
    }

    [Fact]
    public void A_limit_sets_its_own_property_and_no_other()
    {
        Assert.All(LimitTable.All, limit =>
        {
            var agent = Read($$"""{ "kind": "writer", "limits": { "{{limit.Name}}": 7 } }""");
            var changed = typeof(AgentLimits).GetProperties().Where(p => p.CanWrite && !Equals(p.GetValue(agent.Limits), p.GetValue(AgentLimits.Default)));
            Assert.Equal([limit.Name], changed.Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)));
        });
    }

    [Theory]
    [InlineData("maxQueuedInputs", 0)]
    [InlineData("maxInputChars", 1)]
    [InlineData("historyTurns", 0)]
    [InlineData("maxToolRounds", 0)]
    [InlineData("maxToolCalls", 0)]
    [InlineData("maxParallelTools", 1)]
    [InlineData("maxToolResultChars", 1)]
    [InlineData("maxConsecutiveFailingRounds", 0)]
    [InlineData("retries", 0)]
    [InlineData("maxTextChars", 1)]
    [InlineData("maxTurnTokens", 1)]
    public void The_least_value_of_a_count_is_the_runtimes(string name, int least)
    {
        Read($$"""{ "kind": "writer", "limits": { "{{name}}": {{least}} } }""");
        _configuration.Write("agents/writer.json", $$"""{ "kind": "writer", "limits": { "{{name}}": {{least - 1}} } }""");

        Assert.Contains($"whole number from {least}", Assert.Single(_configuration.Mistakes()));
    }

    private AgentDefinition Read(string json) => _configuration.Write("agents/writer.json", json).Load().Agents.Single(a => a.Kind == "writer");
}
