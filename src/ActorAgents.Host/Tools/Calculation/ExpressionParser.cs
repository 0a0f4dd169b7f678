using System.Globalization;

namespace ActorAgents.Host.Tools;

/// <summary>Reads and evaluates in one descent. The first mistake stops it and stays in <see cref="Error"/>.</summary>
internal sealed class ExpressionParser(string text)
{
    /// <summary>Keeps a hostile expression from using up the stack.</summary>
    public const int MaxDepth = 64;

    private int _at;
    private int _depth;

    public string? Error { get; private set; }

    public bool Sum(out decimal value)
    {
        if (!Product(out value)) return false;
        while (Next('+', '-') is { } sign)
            if (!Product(out var right) || !Compute(sign, value, right, out value)) return false;
        return true;
    }

    public bool End() => Peek() is not { } stray || Fail(stray == ')'
        ? $"there is a ')' without its '(' at position {_at + 1}."
        : $"'{stray}' at position {_at + 1} is not expected there.");

    private bool Product(out decimal value)
    {
        if (!Signed(out value)) return false;
        while (Next('*', '/', '%') is { } sign)
            if (!Signed(out var right) || !Compute(sign, value, right, out value)) return false;
        return true;
    }

    private bool Signed(out decimal value)
    {
        value = 0;
        if (Next('-', '+') is not { } sign) return Power(out value);
        if (!Deeper() || !Signed(out value)) return false;
        _depth--;
        if (sign == '-') value = -value;
        return true;
    }

    private bool Power(out decimal value)
    {
        if (!Operand(out value)) return false;
        if (Next('^') is null) return true;
        if (!Deeper() || !Signed(out var exponent)) return false;
        _depth--;
        return Compute('^', value, exponent, out value);
    }

    private bool Operand(out decimal value)
    {
        value = 0;
        if (Next('(') is null) return Number(out value);
        if (!Deeper() || !Sum(out value)) return false;
        _depth--;
        return Next(')') is not null || Fail($"a ')' is missing at position {_at + 1}.");
    }

    private bool Number(out decimal value)
    {
        value = 0;
        var start = Peek() is null ? text.Length : _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        if (_at == start)
            return Fail(start == text.Length ? "it ends where a number is expected." : $"'{text[start]}' at position {start + 1} is not a number.");
        var digits = text.AsSpan(start, _at - start);
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            || Fail($"'{digits}' at position {start + 1} is not a number that can be held.");
    }

    private bool Compute(char sign, decimal left, decimal right, out decimal value)
    {
        value = 0;
        if (Arithmetic.Apply(sign, left, right, out value) is not { } problem) return true;
        return Fail(problem);
    }

    private bool Deeper() => ++_depth <= MaxDepth || Fail($"it is nested more than {MaxDepth} deep.");

    private bool Fail(string problem)
    {
        Error ??= $"Cannot calculate '{(text.Length <= 60 ? text : text[..60] + "…")}': {problem}";
        return false;
    }

    private char? Next(params ReadOnlySpan<char> wanted)
    {
        if (Peek() is not { } found || !wanted.Contains(found)) return null;
        _at++;
        return found;
    }

    private char? Peek()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        return _at == text.Length ? null : text[_at] switch { '×' or '·' => '*', '÷' => '/', '−' => '-', var c => c };
    }
}
