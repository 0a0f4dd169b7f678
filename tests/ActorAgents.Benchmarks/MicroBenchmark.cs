using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Peers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ActorAgents.Benchmarks;

/// <summary>One turn after another on a quiet runtime: what a single reader waits, and what it allocates.</summary>
[MemoryDiagnoser]
public class MicroBenchmark
{
    private const int Turns = 50;

    private ScriptClient? _client;
    private AgentRuntime? _runtime;
    private Peer? _raw, _invoking, _direct;

    /// <summary>Runs it with BenchmarkDotNet, in this process; nothing is written but its log.</summary>
    public static void Run() => BenchmarkRunner.Run<MicroBenchmark>(ManualConfig.CreateEmpty()
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "ActorAgents.Benchmarks")));

    [Params(false, true)]
    public bool WithTool { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        var script = new Script(200, WithTool);
        _client = new ScriptClient(script, Updates.Fresh);
        _runtime = await AgentPeer.StartAsync(script, _client);
        (_raw, _invoking, _direct) = (new RawPeer(script, _client), new FunctionInvokingPeer(script, _client), new DirectPeer(script, _runtime));
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await (_runtime?.DisposeAsync() ?? default);
        _client?.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Turns)]
    public Task Raw() => RunAsync(_raw);

    [Benchmark(OperationsPerInvoke = Turns)]
    public Task FunctionInvoking() => RunAsync(_invoking);

    [Benchmark(OperationsPerInvoke = Turns)]
    public Task Direct() => RunAsync(_direct);

    private static Task RunAsync(Peer? peer) => peer?.RunAsync(0, Turns) ?? throw new InvalidOperationException("It has not started.");
}
