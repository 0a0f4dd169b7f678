namespace ActorAgents.Host.Tests.Browser;

/// <summary>What a reader sees of an answer.</summary>
public sealed class AnswerTests : BrowserTest
{
    [BrowserFact]
    public async Task An_answer_grows_piece_by_piece_into_what_the_server_keeps()
    {
        var seen = await SeeAsync<Growth>("stream", new { prompt = "count to 200" });

        Assert.Equal(await AnswerAsync(seen.Place), seen.Text);
        Assert.EndsWith("200.", seen.Text);
        Assert.InRange(seen.Texts.Count, 4, int.MaxValue);
        Assert.All(seen.Texts, text => Assert.StartsWith(text, seen.Text));
    }

    [BrowserFact]
    public async Task Markdown_becomes_what_it_means()
    {
        var seen = await SeeAsync<Rendering>("markdown", new { prompt = "say # Title\n\nsome **bold** words\n\n- one\n- two `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1\n```" });

        Assert.Equal([("h1", 1), ("strong", 1), ("code", 2), ("li", 2), ("td", 2), ("pre", 1)], seen.Of("h1", "strong", "code", "li", "td", "pre"));
        Assert.DoesNotContain("**", seen.Text);
    }

    [BrowserFact]
    public async Task Nothing_in_a_hostile_answer_runs_or_loads()
    {
        var seen = await SeeAsync<Rendering>("markdown", new
        {
            prompt = "say <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://127.0.0.1:1/y.png) <script>alert(1)</script> <a href=\"javascript:alert(1)\">z</a> [w](https://example.com/)",
        });

        Assert.Equal([("img", 0), ("script", 0), ("a[href^='javascript:']", 0)], seen.Of("img", "script", "a[href^='javascript:']"));
        Assert.Equal([("a[href]", 2)], seen.Of("a[href]"));
        Assert.Contains("<img src=x onerror=alert(1)>", seen.Text);
    }

    [BrowserFact]
    public async Task A_tool_shows_its_progress_and_then_its_result()
    {
        var seen = await SeeAsync<ToolRun>("tool", new { prompt = "run a long task of 4 seconds" });

        Assert.Equal(3, seen.Steps.Distinct().Count());
        Assert.All(seen.Steps, step => Assert.Matches(@"^\d+ %$", step));
        Assert.StartsWith("done", seen.State);
        Assert.Contains("The long task is done after 4 seconds.", seen.Result);
        Assert.EndsWith("The long task is done after 4 seconds.", seen.Text);
    }

    [BrowserTheory]
    [InlineData(null)]
    [InlineData("Escape")]
    public async Task A_stop_keeps_what_was_written_and_says_so(string? key)
    {
        var seen = await SeeAsync<Stopped>("stop", new { prompt = "count to 10000", key });

        Assert.StartsWith("1, 2, 3,", seen.Text);
        Assert.DoesNotContain("10000", seen.Text);
        Assert.Equal(await AnswerAsync(seen.Place), seen.Text);
        Assert.Equal(("Stopped by you.", 0), (seen.Note, seen.Stops));
    }

    [BrowserTheory]
    [InlineData("Approve", "done", "Accepted for ops")]
    [InlineData("Reject", "rejected", "was not allowed")]
    public async Task A_call_that_needs_a_person_waits_for_the_answer(string answer, string state, string words)
    {
        var seen = await SeeAsync<Approved>("approval", new { prompt = "send a message to ops: lunch is ready", answer });

        Assert.Equal("needs your approval", seen.Asked.State);
        Assert.Contains("lunch is ready", seen.Asked.Arguments);
        Assert.StartsWith(state, seen.State);
        Assert.Contains(words, seen.Text);
        Assert.Equal(0, seen.Buttons);
    }

    private sealed record Growth(string Text, IReadOnlyList<string> Texts, string Place);

    private sealed record Rendering(IReadOnlyDictionary<string, int> Elements, string Text)
    {
        public IEnumerable<(string, int)> Of(params string[] elements) => elements.Select(element => (element, Elements[element]));
    }

    private sealed record ToolRun(IReadOnlyList<string> Steps, string State, string Result, string Text);

    private sealed record Stopped(string Text, string Note, string Place, int Stops);

    private sealed record Question(string State, string Arguments);

    private sealed record Approved(Question Asked, string State, string Text, int Buttons);
}
