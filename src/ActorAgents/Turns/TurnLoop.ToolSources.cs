using Microsoft.Extensions.AI;

namespace ActorAgents;

// The tools that are only known once the turn begins. All of it is the owner's, but the gathering itself.
internal sealed partial class TurnLoop
{
    private CancellationTokenSource? _gatheringEnds;
    private Task<List<AITool>>? _gathering;

    /// <summary>Asks the agent's tool sources, if it has any.</summary>
    private void Gather()
    {
        _phase = Phase.NextStep;
        if (_kind.ToolSources.Count == 0 || !_grant!.Provider.Tools) return;
        _phase = Phase.Gathering;
        _gatheringEnds = new CancellationTokenSource();
        _gathering = GatherAsync(_gatheringEnds.Token);
        if (!_gathering.IsCompleted) _gathering.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _turn.Signal());
    }

    private void Gathered()
    {
        _phase = Phase.NextStep;
        foreach (var tool in _gathering!.GetAwaiter().GetResult())
        {
            if (ToolSet.Find(_chat!.Tools, tool.Name) is null) (_chat.Tools ??= []).Add(tool);
            else _node.Log.ToolHidden(_turn.AgentId, tool.Name);
        }
        _gathering = null;
    }

    /// <summary>Never fails: a source that does is left out of this turn.</summary>
    private async Task<List<AITool>> GatherAsync(CancellationToken ended)
    {
        // All are asked before any is awaited: servers start side by side.
        var asked = _kind.ToolSources.Select(source => AskAsync(source, ended)).ToArray();
        List<AITool> tools = [];
        for (var i = 0; i < asked.Length; i++)
        {
            try { tools.AddRange(await asked[i].ConfigureAwait(false)); }
            catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
            catch (Exception exception) { _node.Log.ToolsMissing(_turn.AgentId, _turn.Id, _kind.Definition.ToolSources[i], exception); }
        }
        return tools;

        // What is thrown at once is a failure like any other.
        static async Task<IReadOnlyList<AITool>> AskAsync(IToolSource source, CancellationToken ended) => await source.GetToolsAsync(ended).ConfigureAwait(false);
    }

    /// <summary>The turn ended before it had its tools. Cancelled elsewhere, since that may run foreign code.</summary>
    private void StopGathering()
    {
        if (_gathering is { IsCompleted: false }) ThreadPool.UnsafeQueueUserWorkItem(static loop => loop.CancelGathering(), this, preferLocal: false);
    }

    private void CancelGathering()
    {
        try { _gatheringEnds!.Cancel(); }
        catch (AggregateException exception) { _node.Log.ToolSourceThrew(_turn.AgentId, _turn.Id, exception); }
    }
}
