namespace ActorAgents.Host.Tests.Browser;

/// <summary>Answers go on whoever reads them.</summary>
public sealed class ConversationTests : BrowserTest
{
    [BrowserTheory]
    [InlineData("reload")]
    [InlineData("tabs")]
    public async Task A_page_opened_in_the_middle_of_an_answer_goes_on_without_gap_or_duplicate(string scenario)
    {
        var seen = await SeeAsync<Opened>(scenario, new { prompt = "count to 700" });

        Assert.True(seen.Running, "The answer had ended before the page was there.");
        Assert.Equal(await AnswerAsync(seen.Place), seen.Text);
        Assert.EndsWith("700.", seen.Text);
        Assert.InRange(seen.Texts.Count, 4, int.MaxValue);
        Assert.All(seen.Texts, text => Assert.StartsWith(text, seen.Text));
        Assert.Equal(seen.Text, seen.First ?? seen.Text);
    }

    [BrowserFact]
    public async Task Two_conversations_go_on_side_by_side()
    {
        var seen = await SeeAsync<Pair>("sideBySide", new { prompts = new[] { "count to 1000", "count to 900" } });

        Assert.Equal(2, seen.Busy);
        Assert.True(seen.Running, "The first answer had ended before the page came back to it.");
        Assert.InRange(seen.Found, seen.Left + 1, int.MaxValue);
        Assert.Equal([await AnswerAsync(seen.First), await AnswerAsync(seen.Second)], seen.Texts);
        Assert.EndsWith("1000.", seen.Texts[0]);
        Assert.EndsWith("900.", seen.Texts[1]);
    }

    [BrowserFact]
    public async Task A_page_whose_server_was_killed_says_so_and_works_again_when_it_is_back()
    {
        var server = await StartAsync();
        var address = Address;

        var visit = await Visit.PlayAsync<Restarted>("restart", address, new { prompt = "count to 10000" }, async now =>
        {
            if (now == "kill") server.Signal("KILL");
            else await StartAsync(address);
        });

        Assert.Equal([address], visit.Origins);
        Assert.Contains("connection", visit.Seen.Told, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("1, 2, 3,", visit.Seen.Kept);
        Assert.Contains("no longer has what was said here", visit.Seen.Found);
        Assert.Equal("here again", visit.Seen.Text);
        Assert.Equal("here again", await AnswerAsync(visit.Seen.Place));
    }

    private sealed record Opened(bool Running, string Text, IReadOnlyList<string> Texts, string? First, string Place);

    private sealed record Pair(int Left, int Found, bool Running, int Busy, string First, string Second, IReadOnlyList<string> Texts);

    private sealed record Restarted(string Told, string Kept, string Found, string Text, string Place);
}
