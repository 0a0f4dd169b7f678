namespace ActorAgents.Cluster.Tests.Persistence;

public sealed class PersistenceIdTests
{
    [Fact]
    public void They_are_what_they_were_in_the_first_version()
    {
        Assert.Equal("agent|default|writer|42", PersistenceIds.Of(new AgentId("writer", "42")));
        Assert.Equal("agent|acme|writer|a%7Cb%20%23%C3%A4", PersistenceIds.Of(new AgentId("writer", "a|b #ä", "acme")));
        Assert.Equal("agent|default|writer|#080cf4f42be27583303f1d18f51c4f6666bf3f95fdefa52ddda27b4462a31835", PersistenceIds.Of(new AgentId("writer", new string('ä', 256))));
        Assert.Equal("bucket|7", PersistenceIds.OfBucket(7));
    }

    [Fact]
    public void They_fit_the_column_and_no_two_agents_share_one()
    {
        string[] keys = [new('a', 256), new('a', 255), new('ä', 256), new string('ä', 255) + "a", "#", "%23", "a|b", "a%7Cb", "a"];
        var (tenant, kind) = (new string('t', 64), new string('k', 64));
        var ids = keys.SelectMany(key => new[] { new AgentId(kind, key, tenant), new AgentId("k", key) }).Select(id => PersistenceIds.Of(id)).ToArray();
        Assert.All(ids, id => Assert.InRange(id.Length, 1, 255));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
