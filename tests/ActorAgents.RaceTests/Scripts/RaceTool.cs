using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>A tool that behaves as its name says.</summary>
internal sealed class RaceTool(string name, RaceBooks books) : AIFunction
{
    private static readonly string[] Names = ["quick", "async", "slow", "throws", "late", "reports", "ends", "deaf", "hears", "guarded"];

    public override string Name => name;

    public static IEnumerable<AITool> All(RaceBooks books) =>
        Names.Select(AITool (name) => name == "guarded" ? new ApprovalRequiredAIFunction(new RaceTool(name, books)) : new RaceTool(name, books));

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken token)
    {
        var context = ToolContext.From(arguments)!;
        books.ToolStarted(context.CallId);
        Chaos.Point();
        switch (name)
        {
            case "throws": throw new InvalidOperationException("The tool is broken.");
            case "ends": context.Terminate(); break;
            case "async": return RunAsync(Task.Run(() => Thread.SpinWait(100), CancellationToken.None));
            case "slow": return RunAsync(Task.Delay(1, token));
            case "late": return RunAsync(ThrowAsync());
            case "reports": return RunAsync(ReportAsync(context));
            case "deaf": return RunAsync(books.Released);
            case "hears": return RunAsync(Task.Delay(Timeout.Infinite, token));
        }
        return new("done");
    }

    private static async ValueTask<object?> RunAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return "done";
    }

    private static async Task ThrowAsync()
    {
        await Task.Delay(3).ConfigureAwait(false);
        throw new InvalidOperationException("The tool broke late.");
    }

    private static async Task ReportAsync(ToolContext context)
    {
        context.Report("a");
        await Task.Yield();
        context.Report("b");
        var late = Task.Run(() => context.Report("late")); // Races the tool's own end.
        if (Random.Shared.Next(2) == 0) await late.ConfigureAwait(false);
    }
}
