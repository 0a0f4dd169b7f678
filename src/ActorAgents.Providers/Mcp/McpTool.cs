using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>A tool of a server, whichever session the server is in when it is called.</summary>
internal sealed class McpTool(McpToolSource source, Tool tool, string name) : AIFunction
{
    public override string Name => name;
    public override string Description => tool.Description ?? tool.Title ?? "";
    public override JsonElement JsonSchema => tool.InputSchema;
    public override JsonElement? ReturnJsonSchema => tool.OutputSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await source.CallAsync(tool.Name, arguments, cancellationToken).ConfigureAwait(false);
}
