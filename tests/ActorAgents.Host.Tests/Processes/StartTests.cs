using ActorAgents.Host.Tests.Configuration;

namespace ActorAgents.Host.Tests.Processes;

/// <summary>What the program says when it cannot or need not start a runtime.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public async Task Asked_for_help_it_helps()
    {
        var (code, output, error) = await Run(null, "--help");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Exit codes:", output);
    }

    [Fact]
    public async Task An_unknown_kind_is_told_with_the_known_ones()
    {
        var (code, output, error) = await Run(null, "chat", "helpr", "--prompt", "hi");

        Assert.Equal((1, "", "There is no agent of kind 'helpr'. Did you mean 'helper'? Kinds: helper.\n"), (code, output, error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task An_empty_input_is_told(string? input)
    {
        var (code, output, error) = await Run(input, "chat");

        Assert.Equal((1, "", "The prompt is empty: standard input had no text. Pipe some text in, or use --prompt \"…\".\n"), (code, output, error));
    }

    [Fact]
    public async Task An_empty_prompt_is_told() =>
        Assert.Equal((1, "", "The prompt is empty: give some text after --prompt.\n"), await Run(null, "chat", "--prompt", ""));

    [Fact]
    public async Task A_broken_configuration_is_told_whole_and_without_a_stack_trace()
    {
        _configuration.Write("agents/a.json", "{").Write("agents/b.json", """{ "kind": "b", "tols": [] }""");

        var (code, output, error) = await Run(null, "chat", "--prompt", "hi");

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(3, error.TrimEnd().Split('\n').Length);
        Assert.StartsWith("The configuration has 2 mistakes:", error);
        Assert.Contains("Did you mean 'tools'?", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task A_missing_configuration_folder_is_told()
    {
        _configuration.Delete("");

        var (code, _, error) = await Run(null, "chat", "--prompt", "hi");

        Assert.Equal(1, code);
        Assert.Contains("the folder is missing", error);
        Directory.CreateDirectory(_configuration.Folder);
    }

    private async Task<(int Code, string Output, string Error)> Run(string? input, params string[] arguments)
    {
        string[] all = arguments is ["chat", ..] ? [.. arguments, "--config", _configuration.Folder] : arguments;
        using var process = HostProcess.Start(input, new Dictionary<string, string?> { ["ACTORAGENTS_LOGS"] = _configuration.Path("logs") }, all);
        return await process.EndAsync();
    }
}
