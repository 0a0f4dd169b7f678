using ActorAgents.Host.Tools;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorAgents.Host.Tests.Tools;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("12*(3+4)", "84")]
    [InlineData("1+2*3", "7")]
    [InlineData("10-4-3", "3")]
    [InlineData("100/10/2", "5")]
    [InlineData("17 % 5 * 2", "4")]
    [InlineData("2^3^2", "512")]
    [InlineData("-2^2", "-4")]
    [InlineData("(-2)^2", "4")]
    [InlineData("2^-2", "0.25")]
    [InlineData("2*-3", "-6")]
    [InlineData("--5", "5")]
    [InlineData("+7", "7")]
    [InlineData("0.1+0.2", "0.3")]
    [InlineData(".5*4.", "2")]
    [InlineData("1.50", "1.5")]
    [InlineData("9^0.5", "3")]
    [InlineData("0^0", "1")]
    [InlineData("6 × 7 ÷ 2 − 1", "20")]
    public void An_expression_has_its_value(string expression, string value) => Assert.Equal(value, Calculation.Evaluate(expression).ToString());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("1/0", "division by zero")]
    [InlineData("1%0", "division by zero")]
    [InlineData("0^-1", "division by zero")]
    [InlineData("(3+4", "')' is missing at position 5")]
    [InlineData("3+4)", "')' without its '(' at position 4")]
    [InlineData("3+", "ends where a number is expected")]
    [InlineData("3 four", "'f' at position 3")]
    [InlineData("two", "'t' at position 1 is not a number")]
    [InlineData("1.2.3", "'1.2.3' at position 1")]
    [InlineData("10^100", "too large")]
    [InlineData("10^-100", "too large")]
    [InlineData("79228162514264337593543950335+1", "too large")]
    [InlineData("99999999999999999999999999999999", "cannot be held|can be held")]
    [InlineData("(-8)^0.5", "no such power")]
    [InlineData("2^9999999", "too large")]
    public void A_mistake_is_named(string expression, string words)
    {
        var calculation = Calculation.Evaluate(expression);

        Assert.Matches(words.Replace("(", "\\(").Replace(")", "\\)"), calculation.Error);
        Assert.StartsWith("Error: ", calculation.ToString());
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("1^", "")]
    public void Nesting_is_bounded(string open, string close)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));

        Assert.Null(Calculation.Evaluate(Nested(ExpressionParser.MaxDepth)).Error);
        Assert.Contains("deep", Calculation.Evaluate(Nested(ExpressionParser.MaxDepth + 1)).Error);
    }

    [Fact]
    public void Length_is_bounded() => Assert.Contains("at most 1000", Calculation.Evaluate(new string('1', 1_001)).Error);

    [Property]
    public bool Two_numbers_and_a_sign_agree_with_decimal_arithmetic(int a, int b, byte scale, byte sign)
    {
        var (left, right) = (new decimal(Math.Abs((long)a)) / (scale + 1), new decimal(Math.Abs((long)b)) / 100);
        var (c, expected) = (sign % 5) switch
        {
            0 => ('+', left + right),
            1 => ('-', left - right),
            2 => ('*', left * right),
            3 => ('/', right == 0 ? 0 : left / right),
            _ => ('%', right == 0 ? 0 : left % right),
        };
        var calculation = Calculation.Evaluate(FormattableString.Invariant($"{left} {c} {right}"));
        return c is '/' or '%' && right == 0 ? calculation.Error is not null : calculation.Error is null && calculation.Value == expected;
    }

    [Property]
    public Property A_tree_of_operations_has_the_value_of_the_tree() => Prop.ForAll(Trees().ToArbitrary(), tree =>
    {
        var calculation = Calculation.Evaluate(tree.Text);
        return calculation.Error is null && calculation.Value == tree.Value;
    });

    [Property]
    public bool Any_text_gives_a_value_or_an_error_and_never_an_exception(string? text) => Calculation.Evaluate(text ?? "").ToString().Length > 0;

    [Property]
    public Property Any_text_of_its_own_signs_gives_a_value_or_an_error() => Prop.ForAll(
        Gen.Elements("0123456789.+-*/%^() ".ToCharArray()).ArrayOf().ToArbitrary(), signs => Calculation.Evaluate(new string(signs)).ToString().Length > 0);

    private static Gen<(string Text, decimal Value)> Trees() => Gen.Sized(size => Tree(Math.Min(size, 24)));

    private static Gen<(string Text, decimal Value)> Tree(int size)
    {
        var leaf = Gen.Choose(0, 99).Select(n => ($"{n}", (decimal)n));
        if (size <= 1) return leaf;
        var inner = Tree(size / 2);
        return Gen.OneOf(
            leaf,
            inner.Select(t => ($"-({t.Item1})", -t.Item2)),
            inner.SelectMany(l => inner.Select(r => ($"({l.Item1}) + ({r.Item1})", l.Item2 + r.Item2))),
            inner.SelectMany(l => inner.Select(r => ($"({l.Item1}) - ({r.Item1})", l.Item2 - r.Item2))),
            Tree(size / 4).SelectMany(l => leaf.Select(r => ($"({l.Item1}) * {r.Item1}", l.Item2 * r.Item2))));
    }
}
