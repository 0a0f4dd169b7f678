using ActorAgents.Host.Commands;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Tests.Commands;

/// <summary>Who may keep conversations in which file.</summary>
public sealed class KeptFileTests : IDisposable
{
    private static readonly PersistenceSettings Sqlite = new(PersistenceKind.Sqlite, null, null);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actoragents-");

    public void Dispose() => _folder.Delete(recursive: true);

    private PersistenceSettings Settings => Sqlite with { File = Path.Combine(_folder.FullName, "made", "agents.db") };

    [Fact]
    public void The_command_line_goes_before_the_settings_and_those_before_the_users_folder()
    {
        Assert.Equal(Path.Combine(_folder.FullName, "agents.db"), KeptFiles.In(_folder.FullName, Settings).File);
        Assert.Equal(Settings.File, KeptFiles.In(null, Settings).File);
        Assert.Equal(Path.Combine(PersistenceSettings.DefaultFolder, "agents.db"), KeptFiles.In(null, Sqlite).File);
    }

    [Theory]
    [InlineData("Memory", "memory")]
    [InlineData("PostgreSql", "postgresql")]
    public void A_folder_is_for_a_file(string kind, string told)
    {
        var elsewhere = Sqlite with { Kind = Enum.Parse<PersistenceKind>(kind) };

        Assert.Contains($"ActorAgents:Persistence:Kind is {told}.", Assert.Throws<UsageException>(() => KeptFiles.In("there", elsewhere)).Message);
        Assert.Null(KeptFiles.Claim(Role.Local, elsewhere));
    }

    [Theory]
    [InlineData("Local", "Local")]
    [InlineData("Local", "Node")]
    [InlineData("Node", "Local")]
    public void A_server_has_its_file_for_itself(string first, string second)
    {
        using (KeptFiles.Claim(Enum.Parse<Role>(first), Settings))
            Assert.Contains("is in use", Assert.Throws<UsageException>(() => KeptFiles.Claim(Enum.Parse<Role>(second), Settings)).Message);

        using var later = KeptFiles.Claim(Enum.Parse<Role>(second), Settings);
        Assert.NotNull(later);
    }

    [Fact]
    public void Nodes_share_a_file_and_clusters_do_not()
    {
        using var cluster = KeptFiles.ClaimForCluster(Settings);
        using var node = KeptFiles.Claim(Role.Node, Settings);
        using var api = KeptFiles.Claim(Role.Api, Settings);

        Assert.Throws<UsageException>(() => KeptFiles.ClaimForCluster(Settings));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "made"), "a file where the folder should be");

        Assert.Contains("Choose another with --data.", Assert.Throws<UsageException>(() => KeptFiles.Claim(Role.Local, Settings)).Message);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_not_said_to_be_in_use()
    {
        var settings = Settings with { File = Path.Combine(_folder.FullName, new string('a', 252)) }; // With its suffix too long a name.

        Assert.Contains("cannot be made", Assert.Throws<UsageException>(() => KeptFiles.Claim(Role.Local, settings)).Message);
    }
}
