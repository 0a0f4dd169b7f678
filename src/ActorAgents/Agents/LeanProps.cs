using Akka.Actor;

namespace ActorAgents;

/// <summary>Props of actors with the lean mailbox, made by a function and its state: no expression to compile, no arguments to keep.</summary>
internal static class LeanProps
{
    public static Props Of<TActor, TState>(TState state, Func<TState, TActor> make) where TActor : ActorBase =>
        Props.CreateBy(new Producer<TActor, TState>(state, make)).WithMailbox(LeanMailbox.Id);

    private sealed class Producer<TActor, TState>(TState state, Func<TState, TActor> make) : IIndirectActorProducer where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);
        public ActorBase Produce() => make(state);
        public void Release(ActorBase actor) { }
    }
}
