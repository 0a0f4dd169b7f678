using System.Globalization;

namespace ActorAgents.Benchmarks.Measures;

/// <summary>Prints figures beside what is asked of them.</summary>
internal sealed class Report
{
    private readonly List<string[]> _rows = [];

    /// <summary>A line for who watches the run.</summary>
    public static void Say(string line) => Console.WriteLine(line);

    /// <summary>A figure that nothing is asked of.</summary>
    public void Note(string what, double measured, string unit) => _rows.Add([what, "", Number(measured, unit), ""]);

    /// <param name="bound">Null when nothing is asked here.</param>
    public void AtMost(string what, double? bound, double measured, string unit)
    {
        if (bound is { } most) _rows.Add([what, $"<= {Number(most, unit)}", Number(measured, unit), measured <= most ? "ok" : "short"]);
        else Note(what, measured, unit);
    }

    public void AtLeast(string what, double bound, double measured, string unit) =>
        _rows.Add([what, $">= {Number(bound, unit)}", Number(measured, unit), measured >= bound ? "ok" : "short"]);

    public void Print()
    {
        string[][] rows = [["what", "asked", "measured", ""], .. _rows];
        var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
        Console.WriteLine();
        foreach (var row in rows)
            Console.WriteLine($"  {row[0].PadRight(widths[0])}  {row[1].PadLeft(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3]}".TrimEnd());
        Console.WriteLine();
    }

    public static string Number(double value, string unit)
    {
        var format = Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "0.###" };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }
}
