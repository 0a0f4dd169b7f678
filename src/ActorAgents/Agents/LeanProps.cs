using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// Props of the runtime's own actors, made by a function and its state: no expression to compile, no arguments to keep. They have the lean mailbox and run on
/// their senders' threads.
/// </summary>
internal static class LeanProps
{
    public static Props Of<TActor, TState>(TState state, Func<TState, TActor> make) where TActor : ActorBase => new Made<TActor, TState>(state, make);

    private sealed class Made<TActor, TState>(TState state, Func<TState, TActor> make) : Props(Template<TActor>.Props) where TActor : ActorBase
    {
        public override ActorBase NewActor() => make(state);
        protected override Props Copy() => new Made<TActor, TState>(state, make) { Deploy = Deploy, SupervisorStrategy = SupervisorStrategy };
    }

    /// <summary>Each change of a deployment parses a configuration anew, so it is made once.</summary>
    private static class Template<TActor>
    {
        public static readonly Props Props = Akka.Actor.Props.Create(typeof(TActor)).WithMailbox(LeanMailbox.Id).WithDispatcher(SenderThreadExecutor.Dispatcher);
    }
}
