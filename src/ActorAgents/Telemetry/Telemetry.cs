using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// Spans and metrics under the name <c>ActorAgents</c>, in the terms of OpenTelemetry's GenAI conventions. A span per turn, with children per provider
/// call and per tool. Costs nothing while nobody listens. Nothing here carries a prompt, an argument or a result.
/// </summary>
internal static class Telemetry
{
    public const string Name = "ActorAgents";

    private static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Duration of a provider call.");
    private static readonly Histogram<long> Tokens = Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a provider call.");
    private static readonly Histogram<double> FirstChunk = Meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "From a provider call to its first content.");
    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("actoragents.turn.duration", "s", "From leaving the queue to the end.");
    private static readonly Histogram<double> TurnWaitTime = Meter.CreateHistogram<double>("actoragents.turn.wait_time", "s", "From the arrival of an input to leaving the queue, of its agent and of the node.");
    private static readonly Counter<long> Interruptions = Meter.CreateCounter<long>("actoragents.turn.interruptions", "{turn}", "Interrupted turns, by reason.");
    private static readonly Histogram<long> TurnChunks = Meter.CreateHistogram<long>("actoragents.turn.chunks", "{chunk}", "Text deltas of a turn.");
    private static readonly Histogram<double> ToolDuration = Meter.CreateHistogram<double>("actoragents.tool.duration", "s", "Duration of a tool call.");

    public static Activity? StartTurn(Turn turn, AgentDefinition definition, Provider provider, ActivityContext caller)
    {
        if (Start($"invoke_agent {definition.Kind}", ActivityKind.Internal, caller) is not { } activity) return null;
        activity.SetTag("gen_ai.operation.name", "invoke_agent");
        activity.SetTag("gen_ai.agent.name", definition.Kind);
        activity.SetTag("gen_ai.agent.id", turn.AgentId.Value);
        activity.SetTag("gen_ai.provider.name", provider.Kind);
        activity.SetTag("actoragents.turn.id", turn.Id.Value);
        return activity;
    }

    public static void BeginTurn(AgentDefinition definition, TimeSpan waited)
    {
        if (TurnWaitTime.Enabled) TurnWaitTime.Record(waited.TotalSeconds, Tag(definition));
    }

    public static void EndTurn(Activity? activity, TerminalEvent terminal, AgentDefinition definition, TimeSpan duration, int chunks)
    {
        var (outcome, error) = (OutcomeOf(terminal), ErrorOf(terminal));
        if (TurnDuration.Enabled || TurnChunks.Enabled)
        {
            var tags = new TagList { Tag(definition), { "actoragents.outcome", outcome } };
            if (error is not null) tags.Add("error.type", error);
            TurnDuration.Record(duration.TotalSeconds, tags);
            TurnChunks.Record(chunks, tags);
        }
        if (terminal is TurnInterrupted interrupted) Interruptions.Add(1, Tag(definition), new("actoragents.interrupt.reason", interrupted.Reason.ToString()));
        if (activity is null) return;
        activity.SetTag("actoragents.outcome", outcome);
        Usage(activity, terminal.Usage);
        Fail(activity, error);
        End(activity);
    }

    /// <summary>Why a turn did not complete; null when it did.</summary>
    public static string? ErrorOf(TerminalEvent terminal) => terminal switch
    {
        TurnInterrupted interrupted => interrupted.Reason.ToString(),
        TurnFailed failed => failed.Error.Kind.ToString(),
        _ => null,
    };

    public static Activity? StartStep(Activity? turn, Provider provider, ChatOptions options)
    {
        if (turn is null) return null;
        var model = options.ModelId ?? provider.Model;
        if (Start(model is null ? "chat" : $"chat {model}", ActivityKind.Client, turn.Context) is not { } activity) return null;
        activity.SetTag("gen_ai.operation.name", "chat");
        activity.SetTag("gen_ai.provider.name", provider.Kind);
        activity.SetTag("gen_ai.request.model", model);
        return activity;
    }

    public static void FirstOutput(Provider provider, TimeSpan elapsed)
    {
        if (FirstChunk.Enabled) FirstChunk.Record(elapsed.TotalSeconds, Tag(provider));
    }

    /// <summary>By however the call ended; <paramref name="error"/> is the kind of failure or interruption.</summary>
    public static void EndStep(Step step, Provider provider, TimeSpan duration, string? error)
    {
        if (CallDuration.Enabled)
        {
            var tags = new TagList { Tag(provider), { "gen_ai.operation.name", "chat" } };
            if (error is not null) tags.Add("error.type", error);
            CallDuration.Record(duration.TotalSeconds, tags);
        }
        if (Tokens.Enabled)
        {
            if (step.Usage.InputTokens is { } input) Tokens.Record(input, Tag(provider), new("gen_ai.token.type", "input"));
            if (step.Usage.OutputTokens is { } output) Tokens.Record(output, Tag(provider), new("gen_ai.token.type", "output"));
        }
        if (step.Activity is not { } activity) return;
        if (step.FinishReason is { } reason) activity.SetTag("gen_ai.response.finish_reasons", new[] { reason.Value });
        Usage(activity, step.Usage);
        Fail(activity, error);
        End(activity);
    }

    /// <summary>Unlike the others it becomes the current activity, for what the tool does.</summary>
    public static Activity? StartTool(Activity? step, ToolRun run)
    {
        if (step is null || Source.StartActivity($"execute_tool {run.Name}", ActivityKind.Internal, step.Context) is not { } activity) return null;
        activity.SetTag("gen_ai.operation.name", "execute_tool");
        activity.SetTag("gen_ai.tool.name", run.Name);
        activity.SetTag("gen_ai.tool.call.id", run.CallId);
        return activity;
    }

    public static void EndTool(Activity? activity, ToolRun run)
    {
        if (ToolDuration.Enabled)
            ToolDuration.Record(run.Duration.TotalSeconds, new("gen_ai.tool.name", run.Name), new("actoragents.outcome", run.Outcome.ToString()));
        if (run.Outcome != ToolOutcome.Succeeded) Fail(activity, run.Outcome.ToString());
    }

    private static string OutcomeOf(TerminalEvent terminal) => terminal switch
    {
        TurnInterrupted => "interrupted",
        TurnFailed => "failed",
        _ => "completed",
    };

    /// <summary>Starts a span without making it the current one of whoever happens to be on the stack.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        if (!Source.HasListeners()) return null;
        var outer = Activity.Current;
        try { return Source.StartActivity(name, kind, parent); }
        finally { Activity.Current = outer; }
    }

    /// <summary>Ends a span and leaves the current one of whoever is on the stack as it was.</summary>
    private static void End(Activity activity)
    {
        var outer = Activity.Current;
        activity.Dispose();
        Activity.Current = outer;
    }

    /// <summary>Makes a span the current one until this is disposed, so that what is logged meanwhile names its trace.</summary>
    public static Scope Within(Activity? activity) => new(activity);

    public readonly ref struct Scope
    {
        private readonly Activity? _outer;
        private readonly bool _entered;

        public Scope(Activity? activity)
        {
            if (activity is null) return;
            (_outer, _entered) = (Activity.Current, true);
            Activity.Current = activity;
        }

        public void Dispose()
        {
            if (_entered) Activity.Current = _outer;
        }
    }

    private static KeyValuePair<string, object?> Tag(AgentDefinition definition) => new("gen_ai.agent.name", definition.Kind);

    private static KeyValuePair<string, object?> Tag(Provider provider) => new("gen_ai.provider.name", provider.Kind);

    private static void Usage(Activity activity, TokenUsage usage)
    {
        if (usage.InputTokens is { } input) activity.SetTag("gen_ai.usage.input_tokens", input);
        if (usage.OutputTokens is { } output) activity.SetTag("gen_ai.usage.output_tokens", output);
    }

    private static void Fail(Activity? activity, string? error)
    {
        if (activity is null || error is null) return;
        activity.SetTag("error.type", error);
        activity.SetStatus(ActivityStatusCode.Error, error);
    }
}
