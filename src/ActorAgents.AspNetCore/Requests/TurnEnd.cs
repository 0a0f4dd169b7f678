using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>The end of a turn that was told to stop.</summary>
internal static class TurnEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Waits for it and its record. False when it is still on its way: its provider blocks, and its state says that it runs.</summary>
    public static async Task<bool> ComesAsync(HttpContext http, Agent agent, TurnId turn)
    {
        using var patience = new CancellationTokenSource(Patience, http.Settings().Time);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        try { await agent.WhenEndedAsync(turn, given.Token); }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested) { return false; }
        return true;
    }
}
