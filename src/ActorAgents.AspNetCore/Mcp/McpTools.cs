using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>A tool per kind of agent.</summary>
internal static class McpTools
{
    private static readonly JsonElement Input = JsonDocument.Parse("""
        {
          "type": "object",
          "properties": {
            "prompt": { "type": "string", "description": "What to ask the agent." },
            "key": { "type": "string", "description": "Names an agent that keeps the conversation, from one call to the next. Without it the prompt alone is answered.", "minLength": 1, "maxLength": 256 }
          },
          "required": ["prompt"]
        }
        """).RootElement;

    public static async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken) =>
        await Caller(request).WorkAsync((http, _) => Task.FromResult(new ListToolsResult
        {
            Tools = [.. http.Agents().Definitions.Values.OrderBy(kind => kind.Kind, StringComparer.Ordinal).Select(Of)],
            CacheScope = CacheScope.Private, // Another caller may see others.
        }), cancellationToken);

    public static async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        await Caller(request).WorkAsync((http, stop) => AnswerAsync(http, request, stop), cancellationToken);

    private static async Task<CallToolResult> AnswerAsync(HttpContext http, RequestContext<CallToolRequestParams> request, CancellationToken stop)
    {
        if (!http.Agents().Definitions.ContainsKey(request.Params!.Name))
            throw new McpProtocolException($"Unknown tool: '{request.Params.Name}'. The tools are the kinds of agents; list them.", McpErrorCode.InvalidParams);
        KeptAliveBody.KeepAlive(http);
        try
        {
            return await new McpCall(http, request).RunAsync(stop);
        }
        catch (Exception failed) when (failed is not (OperationCanceledException or InputRequiredException))
        {
            stop.ThrowIfCancellationRequested(); // The turn ended for that.
            return McpResults.Of(WireEndpoints.ErrorOf(failed, http) ?? throw new OperationCanceledException(stop));
        }
    }

    private static Tool Of(AgentDefinition kind) => new()
    {
        Name = kind.Kind,
        Description = kind.Description.Length > 0 ? kind.Description : $"The agent '{kind.Kind}'.",
        InputSchema = Input,
    };

    private static McpCaller Caller(MessageContext request) => request.User as McpCaller ?? throw new InvalidOperationException("The message has no caller.");
}
