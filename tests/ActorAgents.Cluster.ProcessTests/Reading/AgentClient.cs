using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorAgents.Cluster.ProcessTests.Reading;

/// <summary>Calls one agent by HTTP at whichever node answers, and asks again while none does.</summary>
/// <param name="at">The address to ask next: another one when the last did not answer.</param>
internal sealed class AgentClient(HttpClient client, Func<string> at, string agent)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    public string Name => agent;

    /// <summary>Starts a detached turn; asked again with the same id it is the same turn.</summary>
    public async Task StartAsync(string turn, string input, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject { ["input"] = input, ["mode"] = "detached", ["turnId"] = turn, ["onBusy"] = "queue" }.ToJsonString();
        using var answer = await SendAsync(() => new(HttpMethod.Post, $"{at()}/agents/{agent}/turns") { Content = new StringContent(body, Encoding.UTF8, "application/json") }, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted) throw new HttpRequestException($"{turn} was not taken: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Asks and reads the answer: by a detached turn, which can be asked for again when an answer to the asking was lost.</summary>
    public async Task<string> RunAsync(string input)
    {
        var turn = Guid.NewGuid().ToString("N");
        await StartAsync(turn, input);
        var reader = Read(turn);
        await reader.ReadToEndAsync();
        return reader.Seen.End == "completed" ? reader.Seen.Text : throw new HttpRequestException($"{input} ended as {reader.Seen.End}: {reader.Seen.EndData}");
    }

    /// <summary>The conversation.</summary>
    public async Task<IReadOnlyList<JsonNode>> MessagesAsync()
    {
        using var answer = await SendAsync(() => new(HttpMethod.Get, $"{at()}/agents/{agent}/messages"), CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? [.. JsonNode.Parse(text)!["messages"]!.AsArray().Select(message => message!)] : throw new HttpRequestException($"{answer.StatusCode} {text}");
    }

    public TurnReader Read(string turn) => new(client, at, agent, turn);

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var message = request();
                var answer = await client.SendAsync(message, patience.Token);
                if ((int)answer.StatusCode < 500 || patience.IsCancellationRequested) return answer;
                answer.Dispose();
            }
            catch (HttpRequestException) when (!patience.IsCancellationRequested) { } // Nobody listens, or who did is gone.
            await Task.Delay(Again, patience.Token);
        }
    }
}
