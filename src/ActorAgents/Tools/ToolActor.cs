using Akka.Actor;
using Akka.Dispatch;

namespace ActorAgents;

/// <summary>Runs one tool call on the dispatcher for tools, whose threads may block, and stops when the tool has returned.</summary>
internal sealed class ToolActor(ToolRun run) : UntypedActor
{
    private sealed class Returned : INoSerializationVerificationNeeded
    {
        public static readonly Returned Instance = new();
    }

    public static Props Props(ToolRun run) =>
        Akka.Actor.Props.Create(() => new ToolActor(run)).WithDispatcher("actoragents.tool-dispatcher").WithMailbox(LeanMailbox.Id);

    /// <summary><c>tool-{k}-{name}</c>, with what an actor path does not allow replaced.</summary>
    public static string NameOf(int number, ToolRun run) =>
        $"tool-{number}-{string.Concat(run.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'))}";

    protected override void PreStart()
    {
        var returned = run.InvokeAsync();
        if (returned.IsCompleted) Context.Stop(Self);
        else returned.PipeTo(Self, success: () => Returned.Instance);
    }

    protected override void OnReceive(object message)
    {
        if (message is Returned) Context.Stop(Self);
        else Unhandled(message);
    }

    protected override void PostStop() => run.TryFinish(ToolResult.Error("Function failed.") with { Threw = true });
}
