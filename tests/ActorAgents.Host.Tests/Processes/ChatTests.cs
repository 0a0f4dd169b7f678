using ActorAgents.Host.Tests.Configuration;

namespace ActorAgents.Host.Tests.Processes;

/// <summary>One prompt, one answer, one exit code, in a process of its own.</summary>
public sealed class ChatTests : IDisposable
{
    private const string Pace = "ActorAgents__Providers__default__Pace";

    private readonly TemporaryConfiguration _configuration = new() { Environment = { [Pace] = "none" } };

    public void Dispose() => _configuration.Dispose();

    [Theory]
    [InlineData("plain words")]
    [InlineData("[red]boo[/] \u001b[31m 漢字 😀 “quoted”")]
    public async Task Standard_output_is_exactly_the_answer(string text) =>
        Assert.Equal((0, text + "\n", ""), await Run(null, "chat", "--prompt", $"say {text}"));

    [Fact]
    public async Task The_whole_of_a_redirected_input_is_the_prompt() =>
        Assert.Equal((0, "one\n\ntwo three\n", ""), await Run("say one\n\ntwo three\n", "chat"));

    [Fact]
    public async Task Tools_and_reasoning_go_to_standard_error()
    {
        Agent("""{ "kind": "helper", "tools": [ "calculator", "long-task" ] }""");

        var (code, output, error) = await Run(null, "chat", "--prompt", "think, what is 12*(3+4)? Then run a long task of 1 second.");

        Assert.Equal((0, "Let me ask the tools calculator and long-task.\n\n12*(3+4) = 84. The long task is done after 1 second.\n"), (code, output));
        Assert.Contains("I read the prompt", error);
        Assert.Matches(@"calculator\(expression: ""12\*\(3\+4\)""\) = 84 \(\d+ ms\)", error);
        Assert.Contains("long-task(seconds: 1): 100 %", error);
    }

    [Theory]
    [InlineData(false, "was not allowed")]
    [InlineData(true, "Accepted for ops")]
    public async Task A_call_that_needs_approval_runs_only_when_told_so(bool yes, string words)
    {
        Agent("""{ "kind": "helper", "tools": [ "send-message" ] }""");

        var (code, output, _) = await Run(null, ["chat", "--prompt", "send a message to ops: hi", .. yes ? new[] { "--yes" } : []]);

        Assert.Equal(0, code);
        Assert.Contains(words, output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_the_turn_and_what_was_written_stays(string signal, int expected)
    {
        _configuration.Environment[Pace] = "400";
        using var process = Start(null, "chat", "--prompt", "count to 10000");
        await process.ReadAsync(20);
        process.Signal(signal);

        var (code, output, error) = await process.EndAsync();

        Assert.Equal(expected, code);
        Assert.StartsWith("1, 2, 3, 4, 5, 6, 7,", output);
        Assert.EndsWith(",\n", output);
        Assert.DoesNotContain("10000", output);
        Assert.StartsWith("Interrupted: ", error);
    }

    [Fact]
    public async Task A_turn_that_fails_exits_with_1_and_says_why()
    {
        Agent("""{ "kind": "helper", "limits": { "maxInputChars": 3 } }""");

        var (code, output, error) = await Run(null, "chat", "--prompt", "hello");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("The turn failed: ", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task A_turn_cut_by_a_limit_exits_with_1_and_names_the_limit()
    {
        Agent("""{ "kind": "helper", "limits": { "maxTextChars": 10 } }""");

        var (code, output, error) = await Run(null, "chat", "--prompt", "count to 100");

        Assert.Equal(1, code);
        Assert.StartsWith("1, 2", output);
        Assert.Contains("limits.maxTextChars (10) of agent 'helper'", error);
    }

    [Fact]
    public async Task The_log_has_the_turn_and_nothing_that_was_said()
    {
        _configuration.Write("serilog.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "serilog.json")));

        await Run(null, "chat", "--key", "k1", "--prompt", "say swordfish");

        var log = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_configuration.Path("logs"))));
        Assert.Contains("default/helper/k1", log);
        Assert.DoesNotContain("swordfish", log);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_once_and_costs_no_answer()
    {
        _configuration.Write("serilog.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "serilog.json")));
        _configuration.Write("logs", "a file where the folder should be");

        var (code, output, error) = await Run(null, "chat", "--prompt", "say hi");

        Assert.Equal((0, "hi\n"), (code, output));
        Assert.StartsWith("The log cannot be written", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task The_programs_own_configuration_is_found_from_any_working_directory()
    {
        using var process = HostProcess.Start(null, Environment, "chat", "--prompt", "say it works");

        Assert.Equal((0, "it works\n", ""), await process.EndAsync());
    }

    private Dictionary<string, string?> Environment =>
        new(_configuration.Environment) { ["ACTORAGENTS_LOGS"] = _configuration.Path("logs") };

    private void Agent(string json) => _configuration.Write("agents/helper.json", json);

    private HostProcess Start(string? input, params string[] arguments) => HostProcess.Start(input, Environment, [.. arguments, "--config", _configuration.Folder]);

    private async Task<(int Code, string Output, string Error)> Run(string? input, params string[] arguments)
    {
        using var process = Start(input, arguments);
        return await process.EndAsync();
    }
}
