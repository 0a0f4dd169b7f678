using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tools;

/// <summary>Arithmetic. A mistake in the expression is a result that says so, so that the model can mend it.</summary>
internal static class CalculatorTool
{
    public const string Name = "calculator";

    public static AIFunction Create() => AIFunctionFactory.Create(
        ([Description("For example 12*(3+4). Knows + - * / % ^, parentheses and decimal points.")] string expression) => Calculation.Evaluate(expression).ToString(),
        Name, "Evaluates an arithmetic expression.");
}
