namespace ActorAgents.Tests.Agents;

public sealed class TurnIdTests
{
    [Fact]
    public void New_ids_are_version_7_guids_of_this_moment_and_none_comes_twice()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var ids = Enumerable.Range(0, 10_000).Select(_ => TurnId.New().Value).ToArray();
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (var guid in ids.Select(id => Guid.ParseExact(id, "N")))
        {
            Assert.Equal((7, 8), (guid.Version, guid.Variant & 0b1100));
            Assert.InRange(long.Parse(guid.ToString("N")[..12], System.Globalization.NumberStyles.HexNumber, null), before, after);
        }
        Assert.Equal(ids.Length, ids.Select(id => id[13..16] + id[17..]).Distinct().Count()); // The random part alone tells them apart.
    }

    [Fact]
    public void Threads_do_not_share_random_bytes()
    {
        var ids = new string[4][];
        Parallel.For(0, ids.Length, i => ids[i] = [.. Enumerable.Range(0, 5_000).Select(_ => TurnId.New().Value)]);

        Assert.Equal(20_000, ids.SelectMany(all => all).Distinct().Count());
    }
}
