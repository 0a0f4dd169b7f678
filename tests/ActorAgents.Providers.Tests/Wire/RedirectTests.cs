using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class RedirectTests : WireTest
{
    [Theory, MemberData(nameof(Kinds))]
    public async Task A_redirection_is_told_and_not_followed_with_headers_and_conversation(string kind)
    {
        await using var elsewhere = WireServer.Streaming(kind, [.. Frames.Text(kind, "Yes."), .. Frames.End(kind, full: false)]);
        var target = elsewhere.Options(kind).Endpoint!.ToString();
        var location = target.Replace("http://", "http://user:word@", StringComparison.Ordinal) + "?token=1";
        await using var server = new WireServer(request => request.FailAsync("307 Temporary Redirect", "\"Moved.\"", $"Location: {location}\r\n"));
        using var client = ProviderClient.Create(server.Options(kind) with { Headers = new Dictionary<string, string> { ["X-Key"] = "k1" } }, environment: _ => null);

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Empty(elsewhere.Requests);
        Assert.Equal(307, error.StatusCode);
        Assert.Contains($"it redirects to {target}, which is not followed. If that is right, set the Endpoint to it.", error.Message);
        Assert.DoesNotContain("word", error.Message);
        Assert.DoesNotContain("token", error.Message);
    }
}
