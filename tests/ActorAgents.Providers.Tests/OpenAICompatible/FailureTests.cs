using System.Globalization;
using System.Net.Sockets;
using ActorAgents.Providers.Tests.OpenAICompatible.Servers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using static ActorAgents.Providers.Tests.OpenAICompatible.Servers.Wire;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

public sealed class FailureTests
{
    [Theory]
    [InlineData("401 Unauthorized", """{"error":{"message":"Incorrect API key","type":"invalid_request_error","code":"invalid_api_key"}}""", TurnErrorKind.Authentication, "Incorrect API key")]
    [InlineData("403 Forbidden", """{"detail":"Not yours"}""", TurnErrorKind.Authentication, "Not yours")]
    [InlineData("402 Payment Required", """{"error":{"message":"Insufficient Balance"}}""", TurnErrorKind.Authentication, "Insufficient Balance")]
    [InlineData("404 Not Found", """{"error":{"message":"The model does not exist","code":"model_not_found"}}""", TurnErrorKind.NotFound, "The model does not exist")]
    [InlineData("404 Not Found", "<html>nothing</html>", TurnErrorKind.NotFound, "is there a server of chat completions at /v1?")]
    [InlineData("429 Too Many Requests", """{"error":{"message":"Slow down: the maximum context length has nothing to do with it","type":"tokens","code":"rate_limit_exceeded"}}""", TurnErrorKind.RateLimited, "Slow down")]
    [InlineData("429 Too Many Requests", """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", TurnErrorKind.Authentication, "current quota")]
    [InlineData("400 Bad Request", """{"error":{"message":"Too long","type":"invalid_request_error","code":"context_length_exceeded"}}""", TurnErrorKind.ContextTooLong, "Too long")]
    [InlineData("400 Bad Request", """{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}""", TurnErrorKind.ContextTooLong, "maximum context length is 4096")]
    [InlineData("400 Bad Request", """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_ctx":4096}}""", TurnErrorKind.ContextTooLong, "available context size")]
    [InlineData("400 Bad Request", """{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, greater than the context length"}""", TurnErrorKind.ContextTooLong, "Trying to keep")]
    [InlineData("400 Bad Request", """{"error":{"message":"The response was filtered","code":"content_filter"}}""", TurnErrorKind.ContentFiltered, "filtered")]
    [InlineData("400 Bad Request", """[{"error":{"code":400,"message":"Invalid value at 'tools'","status":"INVALID_ARGUMENT"}}]""", TurnErrorKind.InvalidRequest, "Invalid value at 'tools'")]
    [InlineData("422 Unprocessable Entity", """{"detail":[{"loc":["body","model"],"msg":"field required","type":"value_error"}]}""", TurnErrorKind.InvalidRequest, "field required")]
    [InlineData("408 Request Timeout", "", TurnErrorKind.Transient, "answered 408")]
    [InlineData("500 Internal Server Error", "CUDA out of memory", TurnErrorKind.Transient, "CUDA out of memory")]
    [InlineData("502 Bad Gateway", "<html><body>Bad gateway</body></html>", TurnErrorKind.Transient, "answered 502: no further words.")]
    [InlineData("503 Service Unavailable", """{"error":{"message":"Loading model","type":"unavailable_error","code":503}}""", TurnErrorKind.Transient, "Loading model")]
    [InlineData("302 Found", "", TurnErrorKind.Unknown, "answered 302")]
    [Trait("Behaviour", "T37")]
    public async Task A_status_has_its_kind_and_the_server_s_own_words(string status, string body, TurnErrorKind kind, string words)
    {
        var failure = await FailureAsync(Status(status, body, "x-request-id: req-9\r\n"));

        Assert.Equal((kind, int.Parse(status[..3], CultureInfo.InvariantCulture), "req-9"), (failure.Kind, failure.StatusCode, failure.RequestId));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After: 7\r\n", 7_000.0)]
    [InlineData("Retry-After: Sat, 01 Jan 2028 00:01:00 GMT\r\n", 60_000.0)]
    [InlineData("Retry-After: Fri, 31 Dec 2027 00:00:00 GMT\r\n", 0.0)]
    [InlineData("retry-after-ms: 250.5\r\nRetry-After: 7\r\n", 250.5)]
    [InlineData("retry-after-ms: 1e300\r\nRetry-After: soon\r\n", null)]
    [InlineData("", null)]
    [Trait("Behaviour", "T37")]
    public async Task The_wait_that_a_server_asks_for_is_kept(string headers, double? milliseconds)
    {
        var now = new FakeTimeProvider(new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var failure = await FailureAsync(Status("429 Too Many Requests", "", headers), options: new() { TimeProvider = now });

        Assert.Equal(milliseconds, failure.RetryAfter?.TotalMilliseconds);
    }

    [Theory]
    [InlineData("""data: {"error":{"message":"The GPU is gone","type":"server_error"}}""", TurnErrorKind.Transient, "The GPU is gone")]
    [InlineData("""data: {"error":{"message":"Slow down","code":429}}""", TurnErrorKind.RateLimited, "Slow down")]
    [InlineData("""data: {"error":"The GPU is gone"}""", TurnErrorKind.Transient, "The GPU is gone")]
    [InlineData("""data: {"object":"error","message":"The GPU is gone","type":"BadRequestError","code":400}""", TurnErrorKind.InvalidRequest, "The GPU is gone")]
    [InlineData("""data: {"detail":"The GPU is gone"}""", TurnErrorKind.Transient, "The GPU is gone")]
    [InlineData("""error: {"code":500,"message":"The GPU is gone","type":"server_error"}""", TurnErrorKind.Transient, "The GPU is gone")]
    [InlineData("""data: {"choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"The GPU is gone"}}""", TurnErrorKind.Transient, "The GPU is gone")]
    [InlineData("""data: {"error":{}}""", TurnErrorKind.Transient, "no further words")]
    [Trait("Behaviour", "T41")]
    public async Task An_error_within_a_stream_fails_it_with_its_words(string line, TurnErrorKind kind, string words)
    {
        var failure = await FailureAsync(EventsHead + Text("Hel") + line + "\n\n" + Text("never read") + Finish() + Done, text: "Hel");

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"lo""")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"choices":[]} {}""")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83c"}}]}""")]
    [InlineData("")]
    public async Task An_event_that_is_no_JSON_is_named_without_being_quoted(string data)
    {
        var failure = await FailureAsync(EventsHead + Text("Hel") + Event(data) + Finish() + Done, text: "Hel");

        Assert.Equal(TurnErrorKind.Transient, failure.Kind);
        Assert.Contains($"an event of {data.Length} bytes is not the JSON of a completion", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "<html>Log in</html>", TurnErrorKind.Transient, "a page for a browser")]
    [InlineData("application/json", """{"error":{"message":"No such route","code":404}}""", TurnErrorKind.NotFound, "No such route")]
    [InlineData("application/json", "{}", TurnErrorKind.Transient, "it has no choices")]
    [InlineData("application/json", "data: [DONE]", TurnErrorKind.Transient, "not the JSON of a completion")]
    [InlineData("text/plain", "Welcome!", TurnErrorKind.Truncated, "in the middle of an event")]
    [InlineData("text/event-stream", "", TurnErrorKind.Truncated, "without a finish reason (its type: text/event-stream)")]
    public async Task A_success_that_is_no_answer_is_a_clear_failure(string type, string body, TurnErrorKind kind, string words)
    {
        var failure = await FailureAsync(Status("200 OK", body, type: type));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task An_answer_or_event_larger_than_the_bound_is_refused(string type)
    {
        var failure = await FailureAsync(Status("200 OK", "data: " + new string('x', 100_000), type: type), options: new() { MaxEventBytes = 10_000 });

        Assert.Contains("larger than 10,000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_huge_error_is_read()
    {
        Assert.InRange((await FailureAsync(Status("500 Internal Server Error", new string('x', 5_000_000)))).Message.Length, 1000, 3000);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_transient()
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var client = server.Client(http);
        server.Dispose();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetResponseAsync("Hello")).SoonAsync();

        Assert.Equal(TurnErrorKind.Transient, failure.Kind);
        Assert.IsType<SocketException>(failure.Error.Cause!.InnerException);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_timeout_when_the_HTTP_client_has_one()
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        http.Timeout = TimeSpan.FromMilliseconds(100);

        var reading = server.Client(http).ReadAsync();
        using var connection = await server.AcceptAsync();

        Assert.Equal(TurnErrorKind.Timeout, (await Assert.ThrowsAsync<ProviderException>(() => reading).SoonAsync()).Kind);
    }

    [Fact]
    public async Task The_key_is_sent_and_never_told()
    {
        const string key = "sk-very-secret";
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var reading = server.Client(http, key).ReadAsync();
        using (var connection = await server.AcceptAsync())
        {
            Assert.Contains($"Authorization: Bearer {key}", connection.Head, StringComparison.Ordinal);
            Assert.StartsWith("POST /v1/chat/completions HTTP/1.1", connection.Head, StringComparison.Ordinal);
            await connection.SendAsync(Status("401 Unauthorized", $$$"""{"error":{"message":"Bearer {{{key}}} is wrong"}}"""));
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => reading).SoonAsync();

        Assert.Contains("Bearer *** is wrong", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, Assert.Throws<ArgumentException>(() => server.Client(http, key + "\n")).ToString(), StringComparison.Ordinal);
    }

    private static async Task<ProviderException> FailureAsync(string response, string text = "", OpenAICompatibleOptions? options = null)
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var read = "";
        var reading = ReadAsync();
        using (var connection = await server.AcceptAsync())
        {
            try { await connection.SendAsync(response); }
            catch (SocketException) { } // The client had seen enough.
        }
        var failure = await Assert.ThrowsAsync<ProviderException>(() => reading).SoonAsync();
        Assert.Equal(text, read);
        return failure;

        async Task ReadAsync()
        {
            await foreach (var update in server.Client(http, options: options).GetStreamingResponseAsync("Hello")) read += update.Text;
        }
    }
}
