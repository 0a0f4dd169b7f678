using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>One call of an agent: a turn that is read to its end, with what is told and asked meanwhile.</summary>
internal sealed class McpCall(HttpContext http, RequestContext<CallToolRequestParams> request)
{
    private readonly McpProgress? _progress = request.Params!.ProgressToken is { } token ? new(request.Server, token, http.Settings().Time) : null;

    /// <param name="stop">Interrupts the turn.</param>
    /// <exception cref="HttpErrorException">The arguments are malformed, or the turn ended without completing.</exception>
    /// <exception cref="InputRequiredException">The call is to be made again, with an answer.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<CallToolResult> RunAsync(CancellationToken stop)
    {
        var arguments = new RequestObject(JsonSerializer.SerializeToElement(request.Params!.Arguments ?? new Dictionary<string, JsonElement>()), "");
        var (kind, prompt, key) = (request.Params.Name, arguments.RequiredText("prompt"), arguments.Text("key"));
        if (string.IsNullOrWhiteSpace(prompt)) throw arguments.Wrong("prompt", "some text");
        if (key is not null && McpRounds.CanAsk(request)) return await new McpRounds(request.Params, Caller.Agent(http, kind, key)).ReadAsync(prompt, TellAsync, stop);
        return McpResults.Of(await (McpApprovals.CanAsk(request.Server) ? AskingAsync(Caller.Agent(http, kind, key ?? TurnId.New().Value), prompt, isKept: key is not null, stop)
            : WholeTurn.ReadAsync(TellAsync(Unattended(kind, prompt, key), stop), stop)));
    }

    private IAsyncEnumerable<TurnEvent> Unattended(string kind, string prompt, string? key)
    {
        if (key is null)
        {
            var agents = Caller.Stateless(http, kind);
            return Caller.OrBadRequest(() => agents.EventsAsync([new(ChatRole.User, prompt)], Caller.Unattended(agents.Definition)));
        }
        var agent = Caller.Agent(http, kind, key);
        return Caller.OrBadRequest(() => agent.EventsAsync(prompt, Caller.Unattended(agent.Definition)));
    }

    /// <param name="isKept">Otherwise the agent is there for this call alone; it has an id so that its approvals can be answered.</param>
    private async Task<WholeTurn> AskingAsync(Agent agent, string prompt, bool isKept, CancellationToken stop)
    {
        await using var approvals = new McpApprovals(request.Server, agent, stop);
        try { return await WholeTurn.ReadAsync(approvals.AskAsync(TellAsync(Caller.OrBadRequest(() => agent.EventsAsync(prompt, Caller.Options)), stop), stop), stop); }
        finally { if (!isKept) await http.Agents().RemoveAsync(agent.Id, CancellationToken.None); }
    }

    private async IAsyncEnumerable<TurnEvent> TellAsync(IAsyncEnumerable<TurnEvent> events, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var next in events.WithCancellation(stop))
        {
            if (_progress is not null && next is not TerminalEvent) await _progress.TellAsync(next, stop);
            yield return next;
        }
    }
}
