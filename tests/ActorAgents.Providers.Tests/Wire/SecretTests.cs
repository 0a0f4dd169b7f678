using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class SecretTests : WireTest
{
    private const string Words = "secret-1, header-value-1 and token-2222 are wrong";
    private static readonly Dictionary<string, string> Headers = new() { ["X-Key"] = "header-value-1", ["X-Auth"] = "Bearer token-2222", ["X-Short"] = "are" };

    [Theory, MemberData(nameof(Kinds))]
    public async Task Keys_in_a_servers_refusal_are_hidden(string kind)
    {
        await using var server = new WireServer(request => request.FailAsync("400 Bad Request", $$$"""{"error":{"message":"{{{Words}}}"}}"""));
        Assert.Equal("***, *** and *** are wrong", (await FailAsync(server.Options(kind))).Message);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Keys_in_an_error_within_an_answer_are_hidden(string kind)
    {
        await using var server = WireServer.Streaming(kind, Frames.Error(kind, Words));
        Assert.Equal("***, *** and *** are wrong", (await FailAsync(server.Options(kind))).Message);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_endpoints_user_is_in_no_message(string kind)
    {
        var options = new ProviderOptions { Kind = kind, Model = "m", ApiKey = "k", Endpoint = new Uri("http://user:word@127.0.0.1:9/v1?token=1") };

        Assert.EndsWith("at http://127.0.0.1:9/v1", options.ToString());
        var message = (await FailAsync(options)).Message;
        Assert.Contains("127.0.0.1:9", message);
        Assert.DoesNotContain("word", message);
    }

    [Theory]
    [InlineData("ftp://user:word@host/v1?token=1")]
    [InlineData("user:word@host/v1?token=1")]
    [InlineData("//user:word@host/v1?token=1")]
    public void A_wrong_endpoint_is_told_without_what_may_be_secret(string endpoint)
    {
        var options = new ProviderOptions { Kind = "openai", Endpoint = new Uri(endpoint, UriKind.RelativeOrAbsolute) };

        var mistake = Assert.Throws<ArgumentException>(() => ProviderClient.Create(options)).Message;

        Assert.Contains("Endpoint is host/v1;", mistake);
        Assert.EndsWith("at host/v1", options.ToString());
    }

    private static async Task<ProviderException> FailAsync(ProviderOptions options)
    {
        using var client = ProviderClient.Create(options with { Headers = Headers }, environment: _ => null);
        return await Assert.ThrowsAsync<ProviderException>(() => client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());
    }
}
