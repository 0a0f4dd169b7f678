using System.Globalization;
using System.Text;

namespace ActorAgents.Pages;

/// <summary>A series as a line in a field of 119 by 24, one wide for a second, newest at the right; made once for all who look.</summary>
/// <param name="Line">SVG path data. Empty when there is nothing to draw.</param>
/// <param name="Lowest">Null when there is nothing to draw.</param>
/// <param name="Highest">Null when there is nothing to draw.</param>
public sealed record Spark(string Line, double? Lowest, double? Highest)
{
    /// <summary>The field's width.</summary>
    public const int Width = Series.Length - 1;

    /// <summary>The field's height.</summary>
    public const int Height = 24;

    /// <summary>Nothing to draw.</summary>
    public static Spark Empty { get; } = new("", null, null);

    /// <summary>From zero at the bottom to the highest value at the top. Gaps stay gaps.</summary>
    internal static Spark Of(Series series)
    {
        var (lowest, highest) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < series.Count; i++)
        {
            if (double.IsNaN(series[i])) continue;
            (lowest, highest) = (Math.Min(lowest, series[i]), Math.Max(highest, series[i]));
        }
        return highest < lowest ? Empty : new Spark(Draw(series, highest > 0 ? highest : 1), lowest, highest);
    }

    /// <summary>Of a run of equal values only the ends are points.</summary>
    private static string Draw(Series series, double top)
    {
        var line = new StringBuilder();
        var begins = true;
        for (var i = 0; i < series.Count; i++)
        {
            if (double.IsNaN(series[i])) begins = true;
            else if (begins || !IsBetweenEqual(series, i))
            {
                line.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{Series.Length - series.Count + i} {Height - 1 - series[i] / top * (Height - 2):0.#}");
                begins = false;
            }
        }
        return line.ToString();
    }

    private static bool IsBetweenEqual(Series series, int i) => i > 0 && i < series.Count - 1 && series[i - 1] == series[i] && series[i + 1] == series[i];
}
