namespace ActorAgents.Host.Tests.Browser;

/// <summary>The page with a keyboard, on a phone, in the light and in the dark.</summary>
public sealed class PageTests : BrowserTest
{
    [BrowserFact]
    public async Task A_keyboard_is_enough()
    {
        var seen = await SeeAsync<Keyboard>("keyboard");

        Assert.Contains("assistant", string.Join('\n', seen.Quiet));
        Assert.Equal(["Message", "Send"], seen.Quiet.SkipWhile(name => name != "Message"));
        Assert.Equal(["Message", "Stop the answer", "Send"], seen.Busy.SkipWhile(name => name != "Message"));
        Assert.Equal(("say one\ntwo", "say one\ntwo"), (seen.Written, seen.Prompt));
        Assert.Equal("one\ntwo", seen.Text);
        Assert.Equal("Stopped by you.", seen.Note);
    }

    [BrowserTheory]
    [InlineData("light", 200, 255)]
    [InlineData("dark", 0, 60)]
    public async Task A_phone_has_room_for_all_of_it(string colors, int darkest, int brightest)
    {
        var seen = await SeeAsync<Phone>("phone", new
        {
            colors, prompt = $"say {new string('w', 300)}\n\n```\n{new string('c', 300)}\n```\n\n| {string.Join(" | ", Enumerable.Range(1, 30))} |\n|{string.Concat(Enumerable.Repeat("---|", 30))}\n",
        });

        Assert.Equal([false, false, false], seen.Wide);
        Assert.Equal((false, true, false), (seen.Closed, seen.Opened, seen.After));
        Assert.InRange(seen.Ground, darkest, brightest);
    }

    [BrowserFact]
    public async Task A_chosen_theme_stays()
    {
        var seen = await SeeAsync<Themes>("theme");

        Assert.InRange(seen.Before, 200, 255);
        Assert.InRange(seen.Chosen, 0, 60);
        Assert.Equal(seen.Chosen, seen.Reloaded);
    }

    private sealed record Keyboard(IReadOnlyList<string> Quiet, string Written, string Prompt, string Text, IReadOnlyList<string> Busy, string Note);

    private sealed record Phone(IReadOnlyList<bool> Wide, bool Closed, bool Opened, bool After, int Ground);

    private sealed record Themes(int Before, int Chosen, int Reloaded);
}
