using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

/// <summary>What every provider demands of calls and results, and how tests look at them.</summary>
internal static class Pairing
{
    public static List<FunctionCallContent> Calls(this IEnumerable<ChatMessage> messages) =>
        [.. messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];

    public static List<FunctionResultContent> Results(this IEnumerable<ChatMessage> messages) =>
        [.. messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>()];

    /// <summary>The text of the one result of that call.</summary>
    public static string? ResultOf(this IEnumerable<ChatMessage> messages, string callId) =>
        Assert.Single(messages.Results(), r => r.CallId == callId).Result?.ToString();

    public static string[] Roles(this IEnumerable<ChatMessage> messages) => [.. messages.Select(m => m.Role.Value)];

    /// <summary>Each recorded call has exactly one result, apart from those that the turn handed back.</summary>
    public static void AssertComplete(IReadOnlyList<ChatMessage> history, params IEnumerable<string> open)
    {
        var expected = history.Calls().Where(c => !c.InformationalOnly).Select(c => c.CallId).Except(open).Order();
        Assert.Equal(expected, history.Results().Select(r => r.CallId).Order());
    }

    /// <summary>Each call has its one result before anything but results follows, and no result lacks its call.</summary>
    public static void AssertValid(IReadOnlyList<ChatMessage> request)
    {
        var open = new HashSet<string>();
        foreach (var message in request)
        {
            if (message.Role != ChatRole.Tool) Assert.Empty(open);
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent { InformationalOnly: false } call) Assert.True(open.Add(call.CallId), $"Call {call.CallId} is there twice.");
                if (content is FunctionResultContent result) Assert.True(open.Remove(result.CallId), $"Result {result.CallId} has no call before it.");
            }
            Assert.NotEmpty(message.Contents);
        }
        Assert.Empty(open);
    }
}
