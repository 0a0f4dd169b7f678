using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Providers;
using Microsoft.Extensions.AI;
using OpenAI;

namespace ActorAgents.Benchmarks.Wire;

/// <summary>What a chunk costs on its way from the socket to the reader, by our own client and by Microsoft.Extensions.AI.OpenAI, from the same server.</summary>
internal static class WireBenchmark
{
    private const int Readers = 32, Answers = 20, Rounds = 7;

    public static async Task RunAsync(Report report)
    {
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [CompletionServer.Argument]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var port = int.Parse(await server.StandardOutput.ReadLineAsync() ?? "", System.Globalization.CultureInfo.InvariantCulture);
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false });
        foreach (var (how, path) in ((string, string)[])[("an event at a time", "v1"), ("in bursts", "burst/v1")])
        {
            var endpoint = new Uri($"http://127.0.0.1:{port}/{path}");
            using var own = new OpenAICompatibleChatClient(http, endpoint, "model-1", "key");
            using var sdk = new OpenAIClient(new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = endpoint, Transport = new HttpClientPipelineTransport(http) })
                .GetChatClient("model-1").AsIChatClient();
            await CompareAsync(report, how, () => ReadBytesAsync(http, endpoint), () => ReadAsync(own), () => ReadAsync(sdk));
        }
        server.StandardInput.Close();
        await server.WaitForExitAsync();
    }

    private static async Task CompareAsync(Report report, string how, Func<Task> readBytes, Func<Task> readOwn, Func<Task> readSdk)
    {
        foreach (var read in (Func<Task>[])[readBytes, readOwn, readSdk]) await Measure.WarmAsync(TimeSpan.FromSeconds(6), () => ReadAllAsync(read));
        var costs = new List<(Cost Bytes, Cost Own, Cost Sdk)>();
        for (var round = 0; round < Rounds; round++)
            costs.Add((await Measure.OfAsync(() => ReadAllAsync(readBytes)), await Measure.OfAsync(() => ReadAllAsync(readOwn)), await Measure.OfAsync(() => ReadAllAsync(readSdk))));
        const double chunks = (double)Readers * Answers * CompletionServer.Chunks;
        report.Note($"{how}: HttpClient, bytes not looked at, CPU per chunk", Measure.Median(costs.Select(cost => cost.Bytes.Cpu.TotalMicroseconds / chunks)), "us");
        report.Note($"{how}: own client, CPU per chunk", Measure.Median(costs.Select(cost => cost.Own.Cpu.TotalMicroseconds / chunks)), "us");
        report.Note($"{how}: Microsoft.Extensions.AI.OpenAI, CPU per chunk", Measure.Median(costs.Select(cost => cost.Sdk.Cpu.TotalMicroseconds / chunks)), "us");
        report.AtLeast($"{how}: chunks per CPU second, own over the other's", 3, Measure.Median(costs.Select(cost => cost.Sdk.Cpu / cost.Own.Cpu)), "x");
        report.AtMost($"{how}: own client, allocated per chunk", 400, Measure.Median(costs.Select(cost => cost.Own.Bytes / chunks)), "B");
        report.Note($"{how}: Microsoft.Extensions.AI.OpenAI, allocated per chunk", Measure.Median(costs.Select(cost => cost.Sdk.Bytes / chunks)), "B");
    }

    private static Task ReadAllAsync(Func<Task> readAsync) => Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < Answers; i++) await readAsync();
    })));

    /// <summary>The floor: what sockets and HTTP cost before anybody reads a word.</summary>
    private static async Task ReadBytesAsync(HttpClient http, Uri endpoint)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint + "/chat/completions") { Content = new StringContent("{}") };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        while (await body.ReadAsync(buffer) > 0) { }
    }

    private static async Task ReadAsync(IChatClient client)
    {
        var text = new StringBuilder();
        long? tokens = null;
        await foreach (var update in client.GetStreamingResponseAsync(Script.Prompt))
        {
            for (var i = 0; i < update.Contents.Count; i++)
            {
                if (update.Contents[i] is TextContent piece) text.Append(piece.Text);
                else if (update.Contents[i] is UsageContent usage) tokens = usage.Details.TotalTokenCount;
            }
        }
        Script.Check(CompletionServer.Text, text.ToString());
        Script.Check("509", $"{tokens}");
    }
}
