using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>What a request says, picked from its messages: the whole memory of the model.</summary>
/// <param name="Prompt">The newest words of the person.</param>
/// <param name="Results">Tool results that no answer has taken up yet.</param>
/// <param name="Steered">The person spoke after those results, so both need an answer.</param>
/// <param name="EarlierPrompts">What the person said before, oldest first.</param>
/// <param name="Instructions">The system part.</param>
/// <param name="Tools">The names of the tools on offer.</param>
/// <param name="NextCall">A number no call in the messages has.</param>
internal sealed partial record Situation(
    string Prompt, IReadOnlyList<ToolAnswer> Results, bool Steered, IReadOnlyList<string> EarlierPrompts, string? LastAnswer,
    string Instructions, IReadOnlySet<string> Tools, int NextCall)
{
    public static Situation From(IEnumerable<ChatMessage> given, ChatOptions? options)
    {
        var messages = given.ToList();
        var user = messages.FindLastIndex(m => m.Role == ChatRole.User);
        var results = messages.FindLastIndex(m => m.Role == ChatRole.Tool);
        var answered = messages.FindLastIndex(m => m.Role == ChatRole.Assistant && !m.Contents.Any(c => c is FunctionCallContent));
        var calls = messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        var system = messages.Where(m => m.Role == ChatRole.System).Select(m => m.Text).Prepend(options?.Instructions ?? "").Where(t => t.Length > 0);
        return new(
            user < 0 ? "" : messages[user].Text,
            [.. messages.Skip(answered + 1).SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => ToolAnswer.From(r, calls))],
            user > results,
            [.. messages.Take(Math.Max(user, 0)).Where(m => m.Role == ChatRole.User).Select(m => m.Text)],
            messages.LastOrDefault(m => m.Role == ChatRole.Assistant && m.Text.Length > 0)?.Text,
            string.Join("\n", system),
            options?.ToolMode is NoneChatToolMode ? new HashSet<string>() : (options?.Tools ?? []).Select(t => t.Name).ToHashSet(),
            calls.Select(c => CallNumber().Match(c.CallId)).Where(m => m.Success).Select(m => int.Parse(m.Groups["n"].Value)).DefaultIfEmpty(0).Max() + 1);
    }

    [GeneratedRegex(@"^embedded-(?<n>\d{1,8})\z")]
    private static partial Regex CallNumber();
}

/// <summary>A tool's result and what was asked of it.</summary>
internal sealed record ToolAnswer(string Tool, IDictionary<string, object?> Arguments, string Result)
{
    public static ToolAnswer From(FunctionResultContent result, IEnumerable<FunctionCallContent> calls)
    {
        var call = calls.LastOrDefault(c => c.CallId == result.CallId);
        var text = result.Exception is { } error ? $"Error: {error.Message}" : result.Result?.ToString() ?? "nothing";
        return new(call?.Name ?? "a tool", call?.Arguments ?? new Dictionary<string, object?>(), text);
    }
}
