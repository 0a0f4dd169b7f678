using System.Buffers;
using Akka.Actor;

namespace ActorAgents;

/// <summary>One tool call: starts it on a thread for tools and stops when it has returned. The actor itself never blocks, so its parent can always stop it.</summary>
internal sealed class ToolActor(ToolRun run) : UntypedActor
{
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>To the parent: one call less.</summary>
    public sealed class Stopped : INoSerializationVerificationNeeded, INotInfluenceReceiveTimeout
    {
        public static readonly Stopped Instance = new();
    }

    public static Props Props(ToolRun run) => LeanProps.Of(run, static run => new ToolActor(run));

    /// <summary><c>tool-{k}-{name}</c>, with what an actor path does not allow replaced.</summary>
    public static string NameOf(int number, ToolRun run)
    {
        var name = run.Name.AsSpan();
        if (!name.ContainsAnyExcept(PathCharacters)) return $"tool-{number}-{name}";
        return $"tool-{number}-{string.Create(name.Length, run.Name, static (replaced, name) => name.AsSpan().ReplaceAnyExcept(replaced, PathCharacters, '_'))}";
    }

    private LinkedListNode<Action>? _place;

    protected override void PreStart()
    {
        var self = Self;
        _place = run.Threads.Run(() => _ = InvokeAsync(self));
    }

    protected override void OnReceive(object message)
    {
        if (message is Returned) Context.Stop(Self);
        else Unhandled(message);
    }

    protected override void PostStop()
    {
        run.TryFinish(ToolResult.Error("Function failed.") with { Threw = true });
        // Stopped before it returned: nobody waits for it any longer. One that waited for a thread all the time has not begun and will not.
        if (_place is null || !run.Threads.TryCancel(_place)) run.Abandon();
        Context.Parent.Tell(Stopped.Instance, Self);
    }

    private async Task InvokeAsync(IActorRef self)
    {
        try { await run.InvokeAsync().ConfigureAwait(false); }
        finally { self.Tell(Returned.Instance, ActorRefs.NoSender); }
    }

    private sealed class Returned : INoSerializationVerificationNeeded
    {
        public static readonly Returned Instance = new();
    }
}
