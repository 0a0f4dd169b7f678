using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop;

internal static class Quiet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until no stream of the provider is open and no turn lives.</summary>
    public static async Task QuietAsync(this AgentServer server, ScriptedProvider provider)
    {
        await provider.ReleasedAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (server.Agents.Status.LiveTurns > 0) await Task.Delay(1, patience.Token); // The count has no signal of its own.
    }
}
