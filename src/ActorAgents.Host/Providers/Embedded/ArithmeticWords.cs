using System.Text.RegularExpressions;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Finds arithmetic in a text, in signs (<c>12*(3+4)</c>) or in words (<c>add 3 and 5</c>).</summary>
internal static partial class ArithmeticWords
{
    public static IReadOnlyList<(int At, string Expression)> In(string text)
    {
        var inSigns = Between().Replace(Asked().Replace(Day().Replace(text, "·day·"), Rewritten), m => Sign(m.Groups["word"].Value));
        return [.. Runs().Matches(inSigns)
            .Select(m => (m.Index, Expression: Balanced(m.Value.Trim().TrimEnd('.'))))
            .Where(r => Operation().IsMatch(r.Expression))];
    }

    private static string Rewritten(Match m)
    {
        var (a, b) = (m.Groups["a"].Value, m.Groups["b"].Value);
        return m.Groups["verb"].Value.ToLowerInvariant() switch
        {
            "add" or "sum of" => $"{a} + {b}",
            "subtract" => $"{b} - {a}",
            "multiply" or "product of" => $"{a} * {b}",
            _ => $"{a} / {b}",
        };
    }

    private static string Sign(string word) => word.ToLowerInvariant() switch
    {
        "plus" => " + ",
        "minus" => " - ",
        "times" or "multiplied by" => " * ",
        "divided by" or "over" => " / ",
        "to the power of" => " ^ ",
        _ => " % ",
    };

    // A parenthesis of the sentence around an expression is not part of it.
    private static string Balanced(string run)
    {
        while (run.Count(c => c == '(') > run.Count(c => c == ')') && run.StartsWith('(')) run = run[1..].TrimStart();
        while (run.Count(c => c == ')') > run.Count(c => c == '(') && run.EndsWith(')')) run = run[..^1].TrimEnd();
        return run;
    }

    private const RegexOptions Words = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const string Number = @"-?\d+(?:\.\d+)?";

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    private static partial Regex Day();

    [GeneratedRegex($@"\b(?<verb>add|sum of|subtract|multiply|product of|divide) (?<a>{Number}) (?:and|to|from|by|with|plus|times) (?<b>{Number})(?![\d.]*\d)", Words)]
    private static partial Regex Asked();

    [GeneratedRegex(@"(?<=[\d)])\s+(?<word>plus|minus|times|multiplied by|divided by|over|modulo|mod|to the power of)\s+(?=[-(]*\d)", Words)]
    private static partial Regex Between();

    [GeneratedRegex(@"(?<![\p{L}\d])[\d.(\-−][\d.+\-*/%^()×÷− ]*")]
    private static partial Regex Runs();

    [GeneratedRegex(@"[\d.)]\s*[+\-*/%^×÷−]\s*[-−(\s]*[\d.]")]
    private static partial Regex Operation();
}
