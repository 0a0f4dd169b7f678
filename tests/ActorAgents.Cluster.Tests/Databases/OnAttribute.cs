using System.Reflection;
using Xunit.Sdk;

namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>Runs a theory with one kind of journal.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
internal sealed class OnAttribute : DataAttribute
{
    private readonly JournalKind _kind;

    public OnAttribute(JournalKind kind)
    {
        _kind = kind;
        if (kind == JournalKind.PostgreSql) Skip = PostgresInstallation.WhyNot;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_kind]];
}

/// <summary>A test that needs PostgreSQL.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresInstallation.WhyNot;
}

/// <summary>One after the other: they share a server, and some stop it.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseCollection : ICollectionFixture<DatabaseCollection.Servers>
{
    public const string Name = "databases";

    /// <summary>Stops what the tests started.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        public Task InitializeAsync() => Task.CompletedTask;

        public Task DisposeAsync() => PostgresServer.StopSharedAsync();
    }
}
