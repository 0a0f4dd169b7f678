using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;
using Akka.Streams;

namespace ActorAgents.Benchmarks;

/// <summary>What a turn of 200 chunks costs by each way out, against a raw loop over the same client.</summary>
internal static class ChunksBenchmark
{
    private const int Chunks = 200, Workers = 64, Turns = 200, Rounds = 9;

    public static async Task RunAsync(Report report, Updates updates, bool withTool)
    {
        var script = new Script(Chunks, withTool);
        using var client = new ScriptClient(script, updates);
        await using var runtime = await AgentPeer.StartAsync(script, client);
        var raw = new RawPeer(script, client);
        Peer[] peers =
        [
            raw, new FunctionInvokingPeer(script, client), new TextPeer(script, runtime), new DirectPeer(script, runtime), new LogTextPeer(script, runtime), new LogPeer(script, runtime),
            new SourcePeer(script, runtime), new HandOffPeer(script, runtime), .. withTool ? (Peer[])[] : [new StockStreamPeer(script, client, runtime.System.Materializer())],
        ];
        foreach (var peer in peers) await Measure.WarmAsync(TimeSpan.FromSeconds(6), () => peer.RunAllAsync(Workers, Turns));
        var costs = await InterleavedAsync(peers);
        var firsts = new Dictionary<Peer, double>();
        foreach (var peer in peers)
        {
            await peer.TimeFirstsAsync(500);
            firsts[peer] = Measure.Percentile(await peer.TimeFirstsAsync(2000), 50);
        }
        foreach (var peer in peers) Show(report, peer, costs[peer], costs[raw], firsts[peer], AskedOf(peer, updates, withTool));
        report.AtMost($"{peers[2].Name}: CPU over that of FunctionInvokingChatClient", updates == Updates.Fresh && !withTool ? 1 : null, Ratio(costs[peers[2]], costs[peers[1]]), "x");
    }

    /// <summary>A B C A B C …: whatever disturbs the machine for a while disturbs them all.</summary>
    private static async Task<Dictionary<Peer, List<Cost>>> InterleavedAsync(Peer[] peers)
    {
        var costs = peers.ToDictionary(peer => peer, _ => new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var peer in peers) costs[peer].Add(await Measure.OfAsync(() => peer.RunAllAsync(Workers, Turns)));
        }
        return costs;
    }

    private static (double? Ratio, double? Bytes) AskedOf(Peer peer, Updates updates, bool withTool) => (peer, updates, withTool) switch
    {
        (TextPeer, Updates.Fresh, false) => (1.7, 4 * 1024),
        (TextPeer, Updates.Fresh, true) => (null, 12 * 1024),
        (LogTextPeer, Updates.Fresh, false) => (3, 6 * 1024),
        (SourcePeer, Updates.Fresh, false) => (6, 42 * 1024),
        (HandOffPeer, Updates.Fresh, false) => (6, 35 * 1024),
        _ => (null, null),
    };

    private static void Show(Report report, Peer peer, List<Cost> costs, List<Cost> raw, double first, (double? Ratio, double? Bytes) asked)
    {
        report.Note($"{peer.Name}: CPU per chunk", Measure.Median(costs.Select(cost => cost.Cpu.TotalMicroseconds / (Workers * Turns * Chunks))), "us");
        var (ratio, bytes) = (Ratio(costs, raw), Measure.Median(costs.Zip(raw, (cost, floor) => (double)(cost.Bytes - floor.Bytes) / (Workers * Turns))));
        if (peer is RawPeer) report.Note($"{peer.Name}: allocated per turn", Measure.Median(costs.Select(cost => (double)cost.Bytes / (Workers * Turns))), "B");
        else
        {
            report.AtMost($"{peer.Name}: CPU over raw", asked.Ratio, ratio, "x");
            report.AtMost($"{peer.Name}: allocated per turn beyond raw", asked.Bytes, bytes, "B");
        }
        report.Note($"{peer.Name}: collections per 1,000 turns", Measure.Median(costs.Select(cost => cost.Collections * 1000.0 / (Workers * Turns))), "");
        report.Note($"{peer.Name}: paused for collections, of CPU per chunk", Measure.Median(costs.Select(cost => cost.Paused.TotalMicroseconds / (Workers * Turns * Chunks))), "us");
        report.Note($"{peer.Name}: time to first chunk, p50", first, "us");
    }

    private static double Ratio(List<Cost> costs, List<Cost> to) => Measure.Median(costs.Zip(to, (cost, floor) => cost.Cpu / floor.Cpu));
}
