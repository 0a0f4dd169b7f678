using System.Net;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class WireErrorsTests
{
    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","code":"context_length_exceeded"}}""", TurnErrorKind.ContextTooLong)]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""", TurnErrorKind.ContextTooLong)]
    [InlineData(413, """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""", TurnErrorKind.ContextTooLong)]
    [InlineData(400, """{"error":{"message":"Filtered.","type":null,"param":"prompt","code":"content_filter"}}""", TurnErrorKind.ContentFiltered)]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":"insufficient_quota"}}""", TurnErrorKind.Authentication)]
    [InlineData(402, """{"type":"error","error":{"type":"billing_error","message":"Pay."}}""", TurnErrorKind.Authentication)]
    [InlineData(429, """{"error":{"message":"Rate limit reached.","type":"tokens","code":"rate_limit_exceeded"}}""", TurnErrorKind.RateLimited)]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", TurnErrorKind.Transient)]
    [InlineData(403, """{"type":"error","error":{"type":"permission_error","message":"No."}}""", TurnErrorKind.Authentication)]
    [InlineData(404, """{"error":"model 'x' not found"}""", TurnErrorKind.NotFound)]
    [InlineData(400, """{"error":"registry.example/x does not support tools"}""", TurnErrorKind.InvalidRequest)]
    [InlineData(422, "", TurnErrorKind.InvalidRequest)]
    [InlineData(502, "<html>Bad gateway</html>", TurnErrorKind.Transient)]
    [InlineData(408, "{}", TurnErrorKind.Transient)]
    [InlineData(401, "[]", TurnErrorKind.Authentication)]
    public void A_response_tells_its_kind(int status, string body, TurnErrorKind kind)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);

        var error = WireErrors.OfResponse(response, System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);

        Assert.Equal((kind, status), (error.Kind, error.StatusCode));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", TurnErrorKind.Transient, "Overloaded")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"Bad."}}""", TurnErrorKind.InvalidRequest, "Bad.")]
    [InlineData("""{ "error" : { "message" : "Broken." } }""", TurnErrorKind.Transient, "Broken.")]
    [InlineData("""{"error":"out of memory"}""", TurnErrorKind.Transient, "out of memory")]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"Slower."}""", TurnErrorKind.RateLimited, "Slower.")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"Sorry."}}}""", TurnErrorKind.Transient, "Sorry.")]
    public void A_frame_tells_its_error(string frame, TurnErrorKind kind, string message) =>
        Assert.Equal((kind, message), WireErrors.OfFrame(frame) is { } error ? (error.Kind, error.Message) : default);

    [Theory]
    [InlineData("")]
    [InlineData("[DONE]")]
    [InlineData("""{"type":"response.created","response":{"error":null}}""")]
    [InlineData("""{"error":null,"choices":[]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"{\"error\":{\"message\":\"no\"}}"}}]}""")]
    [InlineData("""{"type":"tool","name":"error"}""")]
    [InlineData("""{"error""")]
    public void Any_other_frame_is_none(string frame) => Assert.Null(WireErrors.OfFrame(frame));
}
