using System.Net.Sockets;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;
using ActorAgents.Host.Logging;
using ActorAgents.Host.Serving;
using Akka.Actor;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ActorAgents.Host.Commands;

/// <summary>Runs <c>serve</c> until the process is asked to end.</summary>
internal sealed class ServeCommand(Terminal terminal, TextWriter output)
{
    public async Task<int> RunAsync(ServeRequest request)
    {
        try
        {
            var folders = ConfigurationFolders.Find(request.Config);
            var configuration = HostConfiguration.Load(folders, request.Role, Environment.GetEnvironmentVariables());
            var server = configuration.Settings.Server;
            var urls = request.Urls.Count > 0 ? request.Urls : server.Urls;
            Check(urls, server);
            if (urls.FirstOrDefault(ServerSettings.IsAnyPortOfLocalhost) is { } both)
                throw new UsageException($"{both} is two addresses, which cannot be given one free port: use http://127.0.0.1:0.");
            configuration = configuration.With(KeptFiles.In(request.Data, configuration.Settings.Persistence));
            using var claim = configuration.NeedsJournal ? KeptFiles.Claim(request.Role, configuration.Settings.Persistence) : null;
            await using var logger = HostLogger.Create(configuration.Serilog, folders.Serilog, terminal.Error);
            await using var app = AgentServer.Build(configuration, urls, logger, request.ExitWithParent ? terminal : null);
            try { await app.StartAsync(); }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await app.StopAsync(); // It was asked to end before it had started.
                return ExitCode.Ok;
            }
            Announcement.Write(output, app.Urls, configuration.Settings, briefly: request.ExitWithParent);
            await app.WaitForShutdownAsync();
            if (Ended(app) is not { } reason) return ExitCode.Ok;
            terminal.Error.WriteLine(reason);
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is HostConfigurationException or AgentConfigurationException or UsageException)
        {
            terminal.Error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
        catch (OptionsValidationException e)
        {
            terminal.Error.WriteLine($"The server's settings cannot be used: {string.Join(" ", e.Failures)}");
            return ExitCode.Failed;
        }
        catch (SocketException e)
        {
            terminal.Error.WriteLine($"The server cannot listen there: {e.Message}. Choose another address with --urls.");
            return ExitCode.Failed;
        }
        catch (IOException e) when (e.InnerException is AggregateException) // Of localhost, which is two addresses.
        {
            terminal.Error.WriteLine($"{e.Message.TrimEnd('.')}. Choose another address with --urls.");
            return ExitCode.Failed;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            terminal.Error.WriteLine($"{e.Message.TrimEnd('.')}. Another program listens there: end it, or choose another address with --urls.");
            return ExitCode.Failed;
        }
    }

    /// <returns>Why, where nobody asked for it.</returns>
    private static string? Ended(WebApplication app) =>
        CoordinatedShutdown.Get(app.Services.GetRequiredService<ActorSystem>()).ShutdownReason is CoordinatedShutdown.ClusterDowningReason
            ? "The other nodes have excluded this one, which they did not reach for a while. Start it again to join them anew." : null;

    /// <exception cref="UsageException">It cannot listen there, or must not.</exception>
    public static void Check(IReadOnlyList<string> urls, ServerSettings server)
    {
        if (urls.FirstOrDefault(url => !ServerSettings.IsUrl(url)) is { } malformed)
            throw new UsageException($"'{malformed}' is not a URL to listen at: use {ServerSettings.UrlForm}.");
        if (server.Keys.Count == 0 && urls.FirstOrDefault(url => !ServerSettings.IsLocal(url)) is { } open)
            throw new UsageException($"{open} could be reached from other machines, and no key is configured. Make one with the command 'key' and put it under ActorAgents:Keys, or listen at {ServerSettings.DefaultUrl}.");
    }
}
