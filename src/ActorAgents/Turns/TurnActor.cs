using Akka.Actor;

namespace ActorAgents;

/// <summary>Parent of the tools of one turn, from its first tool call until the last tool returned or the grace after the turn is over.</summary>
internal sealed class TurnActor(TimeSpan grace) : UntypedActor
{
    private readonly Dictionary<IActorRef, ToolRun> _running = [];
    private int _started;
    private bool _turnOver;

    /// <summary>By the agent: no further call comes.</summary>
    public sealed class TurnOver : INoSerializationVerificationNeeded
    {
        public static readonly TurnOver Instance = new();
    }

    public static Props Props(TimeSpan grace) => LeanProps.Of(grace, static grace => new TurnActor(grace));

    // A tool that fails does so as a result; what still throws is a bug, and its call gets an error result when its actor stops.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ToolRun run:
                var tool = Context.ActorOf(ToolActor.Props(run), ToolActor.NameOf(++_started, run));
                _running.Add(Context.Watch(tool), run);
                break;
            case Terminated stopped:
                _running.Remove(stopped.ActorRef);
                StopIfDone();
                break;
            case TurnOver:
                _turnOver = true;
                if (grace != Timeout.InfiniteTimeSpan) Context.SetReceiveTimeout(grace);
                StopIfDone();
                break;
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // After the grace, or with its agent: nobody waits for what still runs.
    protected override void PostStop()
    {
        foreach (var run in _running.Values) run.Abandon();
    }

    private void StopIfDone()
    {
        if (_turnOver && _running.Count == 0) Context.Stop(Self);
    }
}
