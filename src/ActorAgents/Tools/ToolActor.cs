using Akka.Actor;

namespace ActorAgents;

/// <summary>One tool call: starts it on a thread for tools and stops when it has returned. The actor itself never blocks, so its parent can always stop it.</summary>
internal sealed class ToolActor(ToolRun run) : UntypedActor
{
    public static Props Props(ToolRun run) => LeanProps.Of(run, static run => new ToolActor(run));

    /// <summary><c>tool-{k}-{name}</c>, with what an actor path does not allow replaced.</summary>
    public static string NameOf(int number, ToolRun run) =>
        $"tool-{number}-{string.Concat(run.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'))}";

    protected override void PreStart()
    {
        var self = Self;
        run.Threads.Run(() => run.InvokeAsync().PipeTo(self, success: () => Returned.Instance, failure: _ => Returned.Instance));
    }

    protected override void OnReceive(object message)
    {
        if (message is Returned) Context.Stop(Self);
        else Unhandled(message);
    }

    protected override void PostStop() => run.TryFinish(ToolResult.Error("Function failed.") with { Threw = true });

    private sealed class Returned : INoSerializationVerificationNeeded
    {
        public static readonly Returned Instance = new();
    }
}
