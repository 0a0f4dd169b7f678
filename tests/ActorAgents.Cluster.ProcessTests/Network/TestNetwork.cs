using System.Diagnostics;
using System.Globalization;

namespace ActorAgents.Cluster.ProcessTests.Network;

/// <summary>
/// A network of its own on this machine, by network namespaces of Linux: a switch that the members reach each other by, each over a cable that can be pulled, and beside
/// it a cable from each to this process, which stays. Nothing of it leads elsewhere. Needs root.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    /// <summary>Set to <c>required</c>, that it cannot be made is a failure.</summary>
    private const string Variable = "ACTORAGENTS_NETWORKS";

    private static int _made;

    private readonly string _name;
    private readonly int _members;

    private TestNetwork(string name, int members) => (_name, _members) = (name, members);

    /// <summary>Why the tests cannot run; null when they can, or must.</summary>
    public static string? WhyNot { get; } = Environment.GetEnvironmentVariable(Variable) == "required" ? null : TryOut();

    /// <summary>The addresses are of the block for tests of networks (RFC 2544).</summary>
    public static async Task<TestNetwork> CreateAsync(int members)
    {
        var network = new TestNetwork(string.Create(CultureInfo.InvariantCulture, $"aa{Environment.ProcessId}x{Interlocked.Increment(ref _made)}"), members);
        try
        {
            await Ip($"netns add {network.Switch}");
            await Ip($"-n {network.Switch} link add switch type bridge");
            await Ip($"-n {network.Switch} link set switch up");
            for (var i = 0; i < members; i++)
            {
                var member = network.Member(i);
                await Ip($"netns add {member}");
                await Ip($"-n {member} link set lo up");
                await Ip($"link add {Port(i)} netns {network.Switch} type veth peer name eth0 netns {member}");
                await Ip($"-n {network.Switch} link set {Port(i)} master switch up");
                await Ip($"-n {member} addr add {Address(i)}/24 dev eth0");
                await Ip($"-n {member} link set eth0 up");
                await Ip($"link add {network.Cable(i)} type veth peer name eth1 netns {member}");
                await Ip($"addr add {Here(i)}/30 dev {network.Cable(i)}");
                await Ip($"link set {network.Cable(i)} up");
                await Ip($"-n {member} addr add {There(i)}/30 dev eth1");
                await Ip($"-n {member} link set eth1 up");
            }
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the other members reach one.</summary>
    public static string Address(int member) => Text($"198.18.0.{member + 1}");

    /// <summary>Where this process is for a member, and</summary>
    public static string Here(int member) => Text($"198.19.{member}.1");

    /// <summary>the member for this process.</summary>
    public static string There(int member) => Text($"198.19.{member}.2");

    /// <summary>What comes before a command, to run it at a member.</summary>
    public IReadOnlyList<string> At(int member) => ["ip", "netns", "exec", Member(member)];

    /// <summary>Pulls the cable to the switch.</summary>
    public Task CutAsync(int member) => Ip($"-n {Switch} link set {Port(member)} down");

    public Task HealAsync(int member) => Ip($"-n {Switch} link set {Port(member)} up");

    /// <summary>After the processes at its members have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < _members; i++)
        {
            await TryIp($"link del {Cable(i)}"); // At once; with its namespace it would go some time, and the next network has the same addresses.
            await TryIp($"netns del {Member(i)}");
        }
        await TryIp($"netns del {Switch}");
    }

    private string Switch => $"{_name}s";

    private string Member(int i) => Text($"{_name}m{i}");

    private string Cable(int i) => Text($"{_name}c{i}");

    private static string Port(int i) => Text($"port{i}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string? TryOut()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return "Network namespaces need Linux and root.";
        try
        {
            CreateAsync(1).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"Network namespaces cannot be made here: {e.Message}";
        }
    }

    private static async Task Ip(string arguments)
    {
        if (await TryIp(arguments) is { } error) throw new InvalidOperationException($"ip {arguments}: {error}");
    }

    /// <returns>What was wrong; null when nothing was.</returns>
    private static async Task<string?> TryIp(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments.Split(' ')) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? null : error.Trim();
    }
}

/// <summary>A test that needs PostgreSQL and a network of its own.</summary>
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = TestNetwork.WhyNot ?? ActorAgents.Cluster.Tests.Databases.PostgresInstallation.WhyNot;
}
