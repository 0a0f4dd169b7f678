namespace ActorAgents.Providers.Tests.Interop;

/// <summary>A theory against the mock server, once for each kind. Skipped where that is not installed: see <see cref="Installation.WhyNot"/>.</summary>
public sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute() => Skip = Installation.WhyNot;
}

/// <summary>A test against servers from npm; skipped as <see cref="InteropTheoryAttribute"/> is.</summary>
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute() => Skip = Installation.WhyNot;
}
