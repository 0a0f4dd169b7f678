using System.Globalization;

namespace ActorAgents.Host.Tools;

/// <summary>What came of an expression: a value, or what is wrong with it and where.</summary>
internal readonly record struct Calculation
{
    private Calculation(decimal value, string? error) => (Value, Error) = (value, error);

    public decimal Value { get; }
    public string? Error { get; }

    public static Calculation Of(decimal value) => new(value, null);
    public static Calculation Failed(string error) => new(0, error);

    /// <summary>Evaluates <c>+ - * / % ^</c>, parentheses and signs over decimal numbers, with the usual precedence; <c>^</c> binds to the right.</summary>
    public static Calculation Evaluate(string expression)
    {
        if (string.IsNullOrWhiteSpace(expression)) return Failed("The expression is empty: give something like 12*(3+4).");
        if (expression.Length > MaxLength) return Failed($"The expression has {expression.Length} characters; at most {MaxLength} are read.");
        var parser = new ExpressionParser(expression);
        return parser.Sum(out var value) && parser.End() ? Of(value) : Failed(parser.Error!);
    }

    /// <summary>The value without needless zeros, or <c>Error: …</c>.</summary>
    public override string ToString() => Error is null ? Value.ToString("0.############################", CultureInfo.InvariantCulture) : $"Error: {Error}";

    private const int MaxLength = 1_000;
}
