using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorAgents.Pages.Tests;

public sealed class SeriesTests
{
    [Property]
    public Property Keeps_the_newest_in_order() => Prop.ForAll(
        Gen.Choose(0, 400).SelectMany(length => Gen.Choose(0, 99).ArrayOf(length)).ToArbitrary(), numbers =>
        {
            var series = new Series();
            foreach (var number in numbers) series.Push(number);
            return Enumerable.Range(0, series.Count).Select(i => (int)series[i]).SequenceEqual(numbers.TakeLast(Series.Length));
        });

    [Fact]
    public void The_mean_leaves_out_what_was_not_measured()
    {
        var series = Of(100, 1, double.NaN, 3);

        Assert.Equal(2, series.MeanOfLast(3));
        Assert.Equal(0, new Series().MeanOfLast(3));
    }

    [Fact]
    public void A_line_ends_at_the_right_and_reaches_from_zero_to_the_highest() =>
        Assert.Equal(new Spark("M116 23L117 12L118 1L119 23", 0, 10), Spark.Of(Of(0, 5, 10, 0)));

    [Fact]
    public void A_gap_stays_a_gap() => Assert.Equal("M117 1M119 1", Spark.Of(Of(4, double.NaN, 4)).Line);

    [Fact]
    public void A_level_line_is_two_points() => Assert.Equal("M115 1L119 1", Spark.Of(Of(7, 7, 7, 7, 7)).Line);

    [Fact]
    public void Nothing_is_drawn_of_nothing() => Assert.Equal(Spark.Empty, Spark.Of(Of(double.NaN)));

    [Property]
    public Property A_line_stays_in_its_field() => Prop.ForAll(
        Gen.Choose(0, 5).ArrayOf(150).ToArbitrary(), numbers =>
            Spark.Of(Of([.. numbers.Select(n => n == 5 ? double.NaN : n)])).Line.Split('M', 'L').Skip(1).Select(point => point.Split(' ').Select(Parse).ToArray())
                .All(point => point[0] is >= 0 and <= Spark.Width && point[1] is >= 0 and <= Spark.Height));

    private static double Parse(string number) => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture);

    private static Series Of(params double[] values)
    {
        var series = new Series();
        foreach (var value in values) series.Push(value);
        return series;
    }
}
