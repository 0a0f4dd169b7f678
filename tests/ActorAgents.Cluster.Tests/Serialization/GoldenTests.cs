namespace ActorAgents.Cluster.Tests.Serialization;

/// <summary>What the first version wrote. These files are never changed: journals in the field are like them.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. Samples.Stored.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Today_reads_journals_written_by_the_first_version(string name)
    {
        var written = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "journal-v1", name + ".json"));
        Same.Assert(Samples.Stored[name], new AgentSerializer(null!).FromBinary(written, name[..name.IndexOf('-', StringComparison.Ordinal)]), name);
    }
}
