using System.Diagnostics;
using ActorAgents.Benchmarks;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Cluster;
using ActorAgents.Benchmarks.Http;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Wire;

(string Name, string What, Func<Report, Task> RunAsync)[] benchmarks =
[
    ("chunks", "a text turn of 200 chunks, 64 at a time, against a raw loop; the client makes a new update per chunk", r => ChunksBenchmark.RunAsync(r, Updates.Fresh, false)),
    ("chunks-tool", "the same with a tool call in the middle", r => ChunksBenchmark.RunAsync(r, Updates.Fresh, true)),
    ("chunks-prebuilt", "the text turn with a client that costs nothing: all updates exist beforehand", r => ChunksBenchmark.RunAsync(r, Updates.Prebuilt, false)),
    ("chunks-yielding", "the text turn with a client whose every chunk arrives later, on the thread pool", r => ChunksBenchmark.RunAsync(r, Updates.Yielding, false)),
    ("idle", "what an idle agent weighs, fresh and after a turn", IdleBenchmark.RunAsync),
    ("million", "a million idle agents", IdleBenchmark.RunMillionAsync),
    ("interrupt", "interrupting and halting 10,000 turns whose provider is silent and deaf", InterruptBenchmark.RunAsync),
    ("halt", "a halt of a tenant with 10,000 live turns, a token per 20 ms each, on a cluster of three nodes", HaltBenchmark.RunAsync),
    ("wire", "a chunk's way from the socket: our client for OpenAI-compatible servers against Microsoft.Extensions.AI.OpenAI", WireBenchmark.RunAsync),
    ("sse", "a thousand readers over HTTP with a token per 20 ms each, against a bare endpoint that writes the same bytes; then beside a slow reader", SseBenchmark.RunAsync),
    ("durable", "what it costs that a turn outlives its process, on SQLite and PostgreSQL", DurableBenchmark.RunAsync),
    ("restart", "a process whose database has 100,000 agents: how it starts, and what the first use of one costs", RestartBenchmark.RunAsync),
    ("remote", "readers on another node than the agents, over one link of loopback", RemoteBenchmark.RunAsync),
    ("tokens", "10,000 turns with a token per 20 ms each", TokensBenchmark.RunAsync),
];

switch (args)
{
    case [CompletionServer.Argument]:
        await CompletionServer.RunAsync();
        return 0;
    case [SseReaders.Argument, var port]:
        await SseReaders.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["micro"]:
        MicroBenchmark.Run();
        return 0;
    case ["all"]:
        Machine.Print();
        // A process each, so that none inherits the heap or the warmth of another.
        return benchmarks.Count(benchmark => Start(benchmark.Name) != 0);
    case [var name] when benchmarks.FirstOrDefault(benchmark => benchmark.Name == name) is { Name: not null } benchmark:
        Machine.Print();
        Report.Say($"{benchmark.Name}: {benchmark.What}");
        var report = new Report();
        await benchmark.RunAsync(report);
        report.Print();
        return 0;
    default:
        Report.Say("usage: <name> | all | micro | list");
        foreach (var (name, what, _) in benchmarks) Report.Say($"  {name,-16} {what}");
        return args is ["list"] ? 0 : 1;
}

static int Start(string name)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [name]))!;
    process.WaitForExit();
    return process.ExitCode;
}
