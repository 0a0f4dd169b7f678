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
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<CallToolResult> RunAsync(CancellationToken stop)
    {
        var arguments = new RequestObject(JsonSerializer.SerializeToElement(request.Params!.Arguments ?? new Dictionary<string, JsonElement>()), "");
        var (kind, prompt, key) = (request.Params.Name, arguments.RequiredText("prompt"), arguments.Text("key"));
        if (string.IsNullOrWhiteSpace(prompt)) throw arguments.Wrong("prompt", "some text");
        var asks = McpApprovals.CanAsk(request.Server);
        if (key is null && !asks)
        {
            var agents = Caller.Stateless(http, kind);
            return await ReadAsync(agents.EventsAsync([new(ChatRole.User, prompt)], Caller.Unattended(agents.Definition), stop), null, stop);
        }
        var agent = Caller.Agent(http, kind, key ?? TurnId.New().Value);
        var options = asks ? Caller.Attached : Caller.Unattended(agent.Definition);
        await using var approvals = asks ? new McpApprovals(request.Server, agent, stop) : null;
        try { return await ReadAsync(Caller.OrBadRequest(() => agent.EventsAsync(prompt, options, stop)), approvals, stop); }
        finally { if (key is null) await http.Agents().RemoveAsync(agent.Id, CancellationToken.None); } // An agent for this call alone, with an id so that its approvals can be answered.
    }

    private async Task<CallToolResult> ReadAsync(IAsyncEnumerable<TurnEvent> events, McpApprovals? approvals, CancellationToken stop)
    {
        var turn = await WholeTurn.ReadAsync(TellAsync(events, approvals, stop), stop);
        return McpResults.Of(turn);
    }

    private async IAsyncEnumerable<TurnEvent> TellAsync(IAsyncEnumerable<TurnEvent> events, McpApprovals? approvals, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var next in events)
        {
            if (next is ApprovalRequested asked) approvals?.Ask(asked);
            if (_progress is not null && next is not TerminalEvent) await _progress.TellAsync(next, stop);
            yield return next;
        }
    }
}
