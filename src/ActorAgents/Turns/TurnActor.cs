using Akka.Actor;

namespace ActorAgents;

/// <summary>Parent of the tools of one turn, from its first tool call until the last tool returned or the grace after the turn is over.</summary>
internal sealed class TurnActor(TimeSpan grace) : UntypedActor
{
    private int _started;
    private int _running;
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
                Context.ActorOf(ToolActor.Props(run), ToolActor.NameOf(++_started, run));
                _running++;
                break;
            case ToolActor.Stopped:
                _running--;
                StopIfDone();
                break;
            case TurnOver:
                _turnOver = true;
                if (_running > 0 && grace != Timeout.InfiniteTimeSpan) Context.SetReceiveTimeout(grace);
                StopIfDone();
                break;
            case ReceiveTimeout: // Tools that ignored their token so long are abandoned.
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void StopIfDone()
    {
        if (_turnOver && _running == 0) Context.Stop(Self);
    }
}
