using System.Collections;
using System.Text.RegularExpressions;

namespace ActorAgents.Host.Configuration;

/// <summary>Puts environment variables in the place of <c>${NAME}</c>, so that a file need not hold a secret. <c>$${</c> is a plain <c>${</c>.</summary>
internal static partial class Variables
{
    /// <returns>The text, and the rule it broke: null when there is none.</returns>
    public static (string Text, string? Rule) Expand(string text, IDictionary environment)
    {
        string? rule = null;
        var expanded = Reference().Replace(text, match =>
        {
            if (match.Value == "$${") return "${";
            if (match.Groups["name"] is not { Success: true, Value: var name }) rule ??= "holds a '${' that begins no ${NAME} (a plain one is written $${)";
            else if (environment[name] is string value) return value;
            else rule ??= $"needs the environment variable {name}, which is not set";
            return match.Value;
        });
        return (expanded, rule);
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|\$\{")]
    private static partial Regex Reference();
}
