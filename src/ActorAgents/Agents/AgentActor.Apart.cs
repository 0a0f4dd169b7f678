using Akka.Actor;

namespace ActorAgents;

// Turns that the agent makes itself, for those who are elsewhere or come back later: they run into a log, which is pulled.
internal sealed partial class AgentActor
{
    private void Start(AgentProtocol.StartTurn start, IActorRef sender)
    {
        if (_node.Logs.Find(_id, start.TurnId) is { } known)
        {
            if (start.Attached && known.Request != start.Request) sender.Tell(new AgentProtocol.TurnAdmitted(Known(start.TurnId)));
            else TellAdmission(known, sender);
            return;
        }
        var turn = NewTurn(start.TurnId, start.Input, start.Options, start.Attached, start.MayCallWhole, null, start.Request, start.Trace);
        var log = turn.Loop.Log!;
        _node.Logs.GetOrAdd(log);
        log.Start();
        if (!turn.Loop.HasEnded) Arrive(turn);
        TellAdmission(log, sender);
    }

    private Turn NewTurn(
        TurnId id, AgentInput input, TurnOptions options, bool attached, bool mayCallWhole, Resumption? resumption, Guid request = default, string? trace = null)
    {
        var turn = new Turn(_node, _kind!, _id, id, input, options, mayCallWhole, resumption) { View = TurnView.ReusedDeltas };
        turn.Loop.Home = Self;
        turn.Loop.Parent = System.Diagnostics.ActivityContext.TryParse(trace, null, isRemote: true, out var parent) ? parent : default;
        turn.Loop.Admission = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = new TurnLog(turn, attached ? Pace.ByReader(AttachedWindow) : options.Pace, _node.Logs.Finished)
        {
            Request = request, HasLease = attached, KeepFor = Definition.KeepTurnsFor,
        };
        return turn;
    }

    /// <summary>How far an attached turn runs ahead of its reader, events that are on their way included.</summary>
    private const int AttachedWindow = 64;

    private void TellAdmission(TurnLog log, IActorRef sender)
    {
        if (log.Turn?.Loop.Admission is not { } admission) sender.Tell(new AgentProtocol.TurnAdmitted(null)); // It ended in another process.
        else _ = TellAsync();

        async Task TellAsync()
        {
            var refusal = await admission.Task.ConfigureAwait(false);
            if (refusal is not null) _node.Logs.Remove(log);
            sender.Tell(new AgentProtocol.TurnAdmitted(refusal));
        }
    }

    private void Answer(AgentProtocol.Pull pull, IActorRef sender)
    {
        if (!_node.Logs.TryAnswer(pull, sender)) sender.Tell(AgentProtocol.Batch.Gone);
    }

    private TurnError Known(TurnId turn) => new(TurnErrorKind.DuplicateTurn, $"Agent {_id} runs or remembers turn '{turn}' already.");
}
