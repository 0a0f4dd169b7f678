using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tools;

/// <summary>Takes its time and reports how far it is: progress, timeouts and interruption become visible without a real slow tool.</summary>
internal static class LongTaskTool
{
    public const string Name = "long-task";
    public const int DefaultSeconds = 5;
    public const int MaxSeconds = 120;
    private const int Steps = 10;

    public static AIFunction Create(TimeProvider time) => AIFunctionFactory.Create(
        ([Description("How long it takes, 1 to 120; 5 unless given.")] int? seconds, AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            RunAsync(seconds ?? DefaultSeconds, value => ToolContext.From(arguments)?.Report(value), time, cancellationToken),
        Name, "Does nothing useful for some seconds and reports its progress.");

    internal static async Task<string> RunAsync(int seconds, Action<string> report, TimeProvider time, CancellationToken cancellationToken)
    {
        if (seconds is < 1 or > MaxSeconds) return $"Error: seconds is {seconds}; use 1 to {MaxSeconds}.";
        var step = TimeSpan.FromSeconds(seconds) / Steps;
        for (var done = 1; done <= Steps; done++)
        {
            await Task.Delay(step, time, cancellationToken);
            report($"{done * 100 / Steps} %");
        }
        return $"The long task is done after {seconds} {(seconds == 1 ? "second" : "seconds")}.";
    }
}
