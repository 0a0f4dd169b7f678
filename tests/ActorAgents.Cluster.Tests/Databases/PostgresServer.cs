using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace ActorAgents.Cluster.Tests.Databases;

/// <summary>A PostgreSQL server of the tests' own, on a free port of the loopback device. It refuses to run as root, so there it runs as another user.</summary>
internal sealed class PostgresServer
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private readonly DirectoryInfo _folder;
    private readonly int _port;
    private readonly string[] _as;
    private Process? _process;
    private int _databases;

    private PostgresServer(DirectoryInfo folder, int port, string[] @as) => (_folder, _port, _as) = (folder, port, @as);

    /// <summary>In a connection string, and nowhere else.</summary>
    public static string Password { get; } = "secret-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>One for all tests; see <see cref="StopSharedAsync"/>.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Stops the shared one, if it was ever started, and removes its databases. Not left to the end of the process, which a test runner does not wait for.</summary>
    public static async Task StopSharedAsync()
    {
        if (!Shared.IsValueCreated) return;
        var server = await Shared.Value;
        if (!server._process!.HasExited) await server.CrashAsync();
        server._folder.Delete(recursive: true);
    }

    public async Task<TestDatabase.Postgres> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new(ConnectionString(name));
    }

    /// <summary>Ends as in a crash: no session is asked, nothing is written out.</summary>
    public async Task CrashAsync()
    {
        await RunAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate");
        await _process!.WaitForExitAsync().WaitAsync(Bound);
    }

    public async Task StartServerAsync()
    {
        var start = Start("postgres", "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        start.RedirectStandardError = true;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            lines.Enqueue(text);
            if (text.Contains("ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult();
        };
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"PostgreSQL ended: {string.Join(Environment.NewLine, lines)}"));
        _process.Start();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Bound);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("actoragents-postgres-");
        var server = new PostgresServer(folder, FreePort(), await UserAsync(folder.FullName));
        var password = Path.Combine(folder.FullName, "password");
        await File.WriteAllTextAsync(password, Password);
        if (server._as.Length > 0) await RunToEndAsync(new("chown", ["-R", server._as[1], folder.FullName]));
        await server.RunAsync("initdb", "-D", server.Data, "-U", "agents", "--pwfile", password, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C");
        await server.StartServerAsync();
        return server;
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=agents;Password={Password};Database={database};Timeout=5");

    private Task RunAsync(string tool, params string[] arguments) => RunToEndAsync(Start(tool, arguments));

    private ProcessStartInfo Start(string tool, params string[] arguments)
    {
        string[] line = [.. _as.Length == 0 ? [] : _as[2..], PostgresInstallation.Tool(tool), .. arguments];
        return new(line[0], line[1..]) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true };
    }

    private static async Task<string> RunToEndAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Bound);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await output}{await error}");
        return (await output).Trim();
    }

    /// <returns>Empty where the own user will do; otherwise name and owner, then how a command is run so.</returns>
    private static async Task<string[]> UserAsync(string folder)
    {
        if (Environment.UserName != "root") return [];
        var user = (await File.ReadAllLinesAsync("/etc/passwd")).Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        var group = await RunToEndAsync(new("id", ["-g", user]));
        return [user, $"{user}:{group}", "setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups"];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
