namespace ActorAgents.Pages;

/// <summary>A number a second over the last two minutes; the oldest makes room.</summary>
internal sealed class Series
{
    public const int Length = 120;

    private readonly double[] _values = new double[Length];
    private long _pushed;

    /// <param name="value">NaN where there was nothing to measure.</param>
    public void Push(double value) => _values[_pushed++ % Length] = value;

    public int Count => (int)Math.Min(_pushed, Length);

    /// <summary>The i-th, the oldest first.</summary>
    public double this[int i] => _values[(_pushed - Count + i) % Length];

    /// <summary>The mean of the last few that are numbers; 0 when there are none.</summary>
    public double MeanOfLast(int few)
    {
        var (sum, numbers) = (0.0, 0);
        for (var i = Math.Max(0, Count - few); i < Count; i++)
        {
            if (double.IsNaN(this[i])) continue;
            sum += this[i];
            numbers++;
        }
        return numbers == 0 ? 0 : sum / numbers;
    }
}
