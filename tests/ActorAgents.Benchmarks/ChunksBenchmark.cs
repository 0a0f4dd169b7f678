using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;

namespace ActorAgents.Benchmarks;

/// <summary>What a turn of 200 chunks costs by each way out, against a raw loop over the same client.</summary>
internal static class ChunksBenchmark
{
    private const int Chunks = 200, Workers = 64, Turns = 50, Rounds = 9;

    public static async Task RunAsync(Report report, Updates updates, bool withTool)
    {
        var script = new Script(Chunks, withTool);
        using var client = new ScriptClient(script, updates);
        await using var runtime = await AgentPeer.StartAsync(script, client);
        var raw = new RawPeer(script, client);
        Peer[] peers =
        [
            raw, new FunctionInvokingPeer(script, client), new DirectPeer(script, runtime), new LogPeer(script, runtime),
            new SourcePeer(script, runtime), new HandOffPeer(script, runtime),
        ];
        await AgentReading.StartStreamsAsync(runtime);
        foreach (var peer in peers) await Measure.WarmAsync(TimeSpan.FromSeconds(6), () => RunAsync(peer));
        var costs = await InterleavedAsync(peers);
        var firsts = new Dictionary<Peer, double>();
        foreach (var peer in peers)
        {
            await peer.TimeFirstsAsync(500);
            firsts[peer] = Measure.Percentile(await peer.TimeFirstsAsync(2000), 50);
            await peer.ForgetAsync(1);
        }
        foreach (var peer in peers) Show(report, peer, costs[peer], costs[raw], firsts[peer], withTool);
        report.AtMost("direct: CPU over that of FunctionInvokingChatClient", 1, Ratio(costs[peers[2]], costs[peers[1]]), "x");
    }

    /// <summary>A B C A B C …: whatever disturbs the machine for a while disturbs them all.</summary>
    private static async Task<Dictionary<Peer, List<Cost>>> InterleavedAsync(Peer[] peers)
    {
        var costs = peers.ToDictionary(peer => peer, _ => new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var peer in peers)
            {
                costs[peer].Add(await Measure.OfAsync(() => peer.RunAllAsync(Workers, Turns)));
                await peer.ForgetAsync(Workers);
            }
        }
        return costs;
    }

    private static async Task RunAsync(Peer peer)
    {
        await peer.RunAllAsync(Workers, Turns);
        await peer.ForgetAsync(Workers);
    }

    private static void Show(Report report, Peer peer, List<Cost> costs, List<Cost> raw, double first, bool withTool)
    {
        report.Note($"{peer.Name}: CPU per chunk", Measure.Median(costs.Select(cost => cost.Cpu.TotalMicroseconds / (Workers * Turns * Chunks))), "us");
        var (ratio, bytes) = (Ratio(costs, raw), Measure.Median(costs.Zip(raw, (cost, floor) => (double)(cost.Bytes - floor.Bytes) / (Workers * Turns))));
        var (maxRatio, maxKilobytes) = peer switch
        {
            DirectPeer => (1.7, withTool ? 12 : 4),
            LogPeer => (3, withTool ? 0 : 6),
            SourcePeer => (6, withTool ? 0 : 42),
            HandOffPeer => (6, withTool ? 0 : 35),
            _ => (0, 0),
        };
        if (peer is RawPeer) report.Note($"{peer.Name}: allocated per turn", Measure.Median(costs.Select(cost => (double)cost.Bytes / (Workers * Turns))), "B");
        else
        {
            if (maxRatio > 0) report.AtMost($"{peer.Name}: CPU over raw", maxRatio, ratio, "x"); else report.Note($"{peer.Name}: CPU over raw", ratio, "x");
            var what = $"{peer.Name}: allocated per turn beyond raw";
            if (maxKilobytes > 0) report.AtMost(what, maxKilobytes * 1024, bytes, "B"); else report.Note(what, bytes, "B");
        }
        report.Note($"{peer.Name}: time to first chunk, p50", first, "us");
    }

    private static double Ratio(List<Cost> costs, List<Cost> to) => Measure.Median(costs.Zip(to, (cost, floor) => cost.Cpu / floor.Cpu));
}
