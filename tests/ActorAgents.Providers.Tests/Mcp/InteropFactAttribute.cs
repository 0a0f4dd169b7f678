namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>A test against npm packages: skipped where they are not installed, unless the environment says <c>ACTORAGENTS_INTEROP=required</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute()
    {
        if (!File.Exists(NpmServer.Node) && Environment.GetEnvironmentVariable("ACTORAGENTS_INTEROP") != "required")
            Skip = "The servers to test against are not installed: npm ci --prefix tests/interop";
    }
}
