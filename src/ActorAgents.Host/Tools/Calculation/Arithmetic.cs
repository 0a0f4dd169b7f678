namespace ActorAgents.Host.Tools;

/// <summary>Decimal arithmetic whose failures are sentences.</summary>
internal static class Arithmetic
{
    private const string TooLarge = "the result is too large.";

    /// <returns>What is wrong, or null.</returns>
    public static string? Apply(char sign, decimal left, decimal right, out decimal value)
    {
        value = 0;
        if (sign is '/' or '%' && right == 0) return "division by zero.";
        try
        {
            switch (sign)
            {
                case '+': value = left + right; return null;
                case '-': value = left - right; return null;
                case '*': value = left * right; return null;
                case '/': value = left / right; return null;
                case '%': value = left % right; return null;
                default: return Power(left, right, out value);
            }
        }
        catch (OverflowException)
        {
            return TooLarge;
        }
    }

    private static string? Power(decimal root, decimal exponent, out decimal value)
    {
        value = 1;
        if (root == 0 && exponent < 0) return "division by zero.";
        if (exponent != decimal.Truncate(exponent) || Math.Abs(exponent) > 1_000) return Approximate(root, exponent, out value);
        var times = (int)Math.Abs(exponent);
        for (var i = 0; i < times && value != 0; i++) value *= root;
        if (exponent >= 0) return null;
        if (value == 0) return TooLarge;
        value = 1 / value;
        return null;
    }

    private static string? Approximate(decimal root, decimal exponent, out decimal value)
    {
        value = 0;
        var power = Math.Pow((double)root, (double)exponent);
        if (double.IsNaN(power)) return "a negative number has no such power.";
        if (Math.Abs(power) > (double)decimal.MaxValue) return TooLarge;
        value = (decimal)power;
        return null;
    }
}
