using System.Reflection;
using Xunit.Sdk;

namespace ActorAgents.Tests;

/// <summary>Runs a theory with a way out as its only argument by each of them.</summary>
public sealed class EveryWayOutAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<WayOut>().Select(way => new object[] { way });
}
