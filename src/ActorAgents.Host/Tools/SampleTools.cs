using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Host.Tools;

/// <summary>The tools an agent file may name.</summary>
internal static class SampleTools
{
    public static IReadOnlyDictionary<string, Func<IServiceProvider, AITool>> All { get; } = new SortedDictionary<string, Func<IServiceProvider, AITool>>(StringComparer.Ordinal)
    {
        [CalculatorTool.Name] = _ => CalculatorTool.Create(),
        [ClockTool.Name] = services => ClockTool.Create(services.GetRequiredService<TimeProvider>()),
        [LongTaskTool.Name] = services => LongTaskTool.Create(services.GetRequiredService<TimeProvider>()),
        [SendMessageTool.Name] = _ => SendMessageTool.Create(),
    };
}
