using System.Text.Json;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>A client from npm, in a script of its own.</summary>
internal sealed class NodeClient(string name) : OfficialClient
{
    public override async Task CarryOutAsync(Uri server, Call call, Action<Said> say, CancellationToken abort)
    {
        using var script = NodeScript.Start(name, server, call);
        await using var _ = abort.Register(script.Abort);
        while (await script.NextAsync() is { } line) say(line.Deserialize<Said>(JsonSerializerOptions.Web)!);
    }
}
