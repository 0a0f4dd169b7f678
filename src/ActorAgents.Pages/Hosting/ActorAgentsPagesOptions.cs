namespace ActorAgents.Pages;

/// <summary>What an application tells its pages.</summary>
public sealed class ActorAgentsPagesOptions
{
    /// <summary>Where a form without fields is posted to, to sign out: relative to the application, such as <c>sign-out</c>. Absent, nothing offers it.</summary>
    public string? SignOutPath { get; set; }
}
