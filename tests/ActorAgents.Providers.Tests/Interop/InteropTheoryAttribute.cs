namespace ActorAgents.Providers.Tests.Interop;

/// <summary>A theory against the mock server, once for each kind. Skipped where that is not installed, unless <see cref="Installation.Required"/>.</summary>
public sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute() => Skip = Installation.WhyNot;
}

/// <summary>A test against the mock server; see <see cref="InteropTheoryAttribute"/>.</summary>
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute() => Skip = Installation.WhyNot;
}
