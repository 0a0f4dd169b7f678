using System.Reflection;
using Xunit.Sdk;

namespace ActorAgents.Tests.Tools;

/// <summary>Runs a theory once for each way out of a turn.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryWayOutAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<WayOut>().Select(way => new object[] { way });
}
