using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>Tool results as sentences.</summary>
internal static class ResultWords
{
    private const string Error = "Error:";

    public static string For(ToolAnswer answer)
    {
        var result = answer.Result.Trim();
        if (IsCancelled(answer)) return $"The call of {answer.Tool} was cancelled.";
        if (result.StartsWith("Tool call invocation was rejected", StringComparison.Ordinal))
            return $"The call of {answer.Tool} was not allowed, so I left it. The runtime says: {result}";
        if (result.StartsWith(Error, StringComparison.OrdinalIgnoreCase)) return $"The {answer.Tool} tool reports an error: {result[Error.Length..].Trim()}";
        return answer.Tool switch
        {
            ClockTool.Name => $"It is {result}.",
            CalculatorTool.Name when answer.Arguments.TryGetValue("expression", out var expression) => $"{expression} = {result}.",
            LongTaskTool.Name => result,
            _ => $"The {answer.Tool} tool says: {result}",
        };
    }

    public static bool IsCancelled(ToolAnswer answer) => answer.Result.Trim() is var result
        && (result.StartsWith("cancelled", StringComparison.OrdinalIgnoreCase) || result.StartsWith(Error + " cancelled", StringComparison.OrdinalIgnoreCase));
}
