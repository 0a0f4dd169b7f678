using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorAgents.Cluster;

/// <summary>Lets agents outlive their process.</summary>
public static class DurableAgentsExtensions
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Keeps the agents whose definitions ask for it (<see cref="AgentBuilder.WithDurability"/>) in a journal, and all halts, which every node of a cluster
    /// obeys. To be called before <see cref="ActorAgentsHostingExtensions.WithActorAgents"/>, as everything is that
    /// <see cref="ActorAgentsHostingExtensions.AddActorAgents"/> takes as further settings. The start fails where the journal cannot be used. The application's
    /// own persistent actors keep their journal. On this actor system, types without a registered serializer are neither written nor read any more: Akka's
    /// default one, which makes whatever type a message names, is off. Reports itself to health checks with the tag <c>actoragents</c>.
    /// </summary>
    /// <exception cref="AgentConfigurationException">A setting is missing or malformed.</exception>
    public static AkkaConfigurationBuilder WithDurableAgents(this AkkaConfigurationBuilder builder, DurableAgentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        var connectionString = JournalDatabase.Checked(options);
        if (connectionString is not null)
        {
            builder.AddDatabase(options.Journal, connectionString);
            builder.WithHealthCheck("actoragents-journal", (_, _, token) => CheckAsync(options.Journal, connectionString, token), tags: ["actoragents"]);
        }
        return builder
            .WithAgentSerializer()
            .AddHocon(Resource($"{options.Journal}.conf"), HoconAddMode.Prepend)
            .AddSetup(new JournalsSetup(new Journals(options.SnapshotEvery)))
            .WithDurableHalts()
            .AddStartup((system, _) => StartAsync(system, options, connectionString));
    }

    private static async Task<HealthCheckResult> CheckAsync(JournalKind journal, string connectionString, CancellationToken token)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(token);
        time.CancelAfter(AnswerWithin);
        try
        {
            await JournalDatabase.AskAsync(journal, connectionString, time.Token).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException && !token.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The journal's database does not answer.", failure);
        }
    }

    /// <summary>Keeps the halts where all nodes obey them. Called again, it changes nothing.</summary>
    internal static AkkaConfigurationBuilder WithDurableHalts(this AkkaConfigurationBuilder builder) =>
        builder.Setups.OfType<HaltLedgerSetup>().Any() ? builder : builder.AddSetup(new HaltLedgerSetup(new DurableHalts()));

    internal static Config Resource(string name)
    {
        using var stream = typeof(DurableAgentsExtensions).Assembly.GetManifestResourceStream($"ActorAgents.Cluster.{name}")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static void AddDatabase(this AkkaConfigurationBuilder builder, JournalKind journal, string connectionString)
    {
        var databases = builder.Setups.OfType<MultiDataOptionsSetup>().FirstOrDefault(); // The application may have journals of its own.
        if (databases is null) builder.AddSetup(databases = new MultiDataOptionsSetup());
        var database = JournalDatabase.Options(journal, connectionString);
        databases.AddDataOptions(JournalPlugins.Events, database);
        databases.AddDataOptions(JournalPlugins.Snapshots, database);
    }

    private static async Task StartAsync(ActorSystem system, DurableAgentsOptions options, string? connectionString)
    {
        using var time = new CancellationTokenSource(options.StartTimeout);
        try
        {
            if (connectionString is not null) await JournalDatabase.OpenAsync(options.Journal, connectionString, time.Token).ConfigureAwait(false);
            var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(WarmUpActor.Props(read));
            await read.Task.WaitAsync(time.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not AgentConfigurationException)
        {
            var what = failure is OperationCanceledException ? $"It did not answer within {options.StartTimeout.TotalSeconds:0.#} s." : failure.Message;
            throw new AgentConfigurationException(
                $"The journal of kind {options.Journal} cannot be used: check {nameof(DurableAgentsOptions)}.{nameof(DurableAgentsOptions.ConnectionString)}. {what}", failure);
        }
    }
}
